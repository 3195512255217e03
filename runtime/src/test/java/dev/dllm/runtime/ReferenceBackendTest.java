package dev.dllm.runtime;

import dev.dllm.runtime.contract.ReferenceBackend;
import dev.dllm.runtime.contract.ValueContract;
import java.util.EnumSet;
import java.util.Set;

/// The reference against itself: tries the contract, and what does not depend on rounding.
class ReferenceBackendTest extends ValueContract {

    @Override
    protected Backend openBackend(int threads) {
        return new ReferenceBackend();
    }

    @Override
    protected Set<DType> weightTypes() {
        return EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.I8);
    }
}
