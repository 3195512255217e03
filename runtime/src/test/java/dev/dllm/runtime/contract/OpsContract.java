package dev.dllm.runtime.contract;

import org.junit.jupiter.api.Nested;

/// What every backend that computes in float32 owes: the values, the exact bits of its matrix products, and no garbage.
///
/// A backend's own test says how to open it and which weights it multiplies:
///
/// ```java
/// class MyBackendTest extends OpsContract {
///     @Override
///     protected Backend openBackend(int threads) {
///         return new MyBackend(threads);
///     }
///
///     @Override
///     protected Set<DType> weightTypes() {
///         return EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.I8);
///     }
/// }
/// ```
public abstract class OpsContract extends ValueContract {

    @Nested
    class LinearBits extends LinearBitsContract {
        LinearBits() {
            super(OpsContract.this::openBackend);
        }
    }

    @Nested
    class ExpertsBits extends ExpertsBitsContract {
        ExpertsBits() {
            super(OpsContract.this::openBackend);
        }
    }

    @Nested
    class Allocation extends AllocationContract {
        Allocation() {
            super(OpsContract.this::openBackend);
        }
    }
}
