package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.CheckedOps;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Ops;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// What the groups of a contract share: a backend with one thread, opened for each test, and the reference.
///
/// The subject's ops are checked, so that a case with operands that do not fit is an error of the case.
abstract class Contract {
    final Ops reference = new ReferenceOps();
    private final IntFunction<Backend> open;
    private Backend backend;

    /// @param open opens the backend under test with a number of threads
    Contract(IntFunction<Backend> open) {
        this.open = open;
    }

    @BeforeEach
    void openBackend() {
        backend = open(1);
    }

    @AfterEach
    void closeBackend() {
        backend.close();
    }

    final Backend open(int threads) {
        return open.apply(threads);
    }

    final Backend backend() {
        return backend;
    }

    final Ops subject() {
        return new CheckedOps(backend.ops());
    }

    /// The types that the backend multiplies; [BackendContract] compares them with what its tests expect.
    final List<DType> weightTypes() {
        return Arrays.stream(DType.values()).filter(backend::multiplies).toList();
    }

    /// The types that `embed` and the norms accept.
    static List<DType> floatTypes() {
        return List.of(DType.F32, DType.F16, DType.BF16);
    }
}
