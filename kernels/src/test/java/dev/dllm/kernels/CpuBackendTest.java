package dev.dllm.kernels;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.contract.OpsContract;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;

/// The contract of all backends. The build runs it once for each tier and lane width, in a JVM of its own.
class CpuBackendTest extends OpsContract {

    @BeforeAll
    static void needsTheVectors() {
        Machine.assumeForcedWidth();
    }

    @Override
    protected Backend openBackend(int threads) {
        return new CpuBackendProvider().open(new BackendOptions(threads));
    }

    @Override
    protected Set<DType> weightTypes() {
        return EnumSet.of(DType.F32, DType.F16, DType.BF16, DType.I8);
    }
}
