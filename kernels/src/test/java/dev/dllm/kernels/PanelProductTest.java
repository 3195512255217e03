package dev.dllm.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Where the panels are that kernels get to see.
class PanelProductTest {
    private static final int COLS = 800;
    private static final int ROWS = 3;

    private final List<Long> panels = new ArrayList<>();

    /// What lies before the memory of a weight may belong to nobody, and kernels read three bytes of it.
    @ParameterizedTest
    @EnumSource(value = DType.class, names = {"BF16", "I8"})
    void nothingIsReadBeforeAWeight(DType dtype) {
        Kernels kernels = recording(KernelTier.kernels());
        PanelProduct product = new PanelProduct(kernels);
        int panelRows = kernels.panelRows();
        try (Backend backend = new CpuBackendProvider().open(new BackendOptions(1)); Arena arena = Arena.ofShared()) {
            Tensor values = backend.allocate(arena, dtype, 2 * panelRows, COLS);
            Tensor scales = backend.allocate(arena, DType.F32, 1, 2 * panelRows);
            Weight weight =
                    backend.pack(arena, dtype == DType.I8 ? Weight.of(values, scales) : Weight.of(values));
            long a = arena.allocate(ROWS * COLS * 4L, 64).address();
            long c = arena.allocate(ROWS * panelRows * 4L, 64).address();
            long scratch = arena.allocate(product.scratchBytes(), 64).address();
            product.multiply(c, panelRows * 4L, a, ROWS, weight, 0, scratch);
            product.multiply(c, panelRows * 4L, a, ROWS, weight, 1, scratch);

            long start = Native.address(weight.values());
            assertFalse(panels.contains(start));
            long second = start + Native.stride(weight.values());
            assertEquals(2, panels.stream().filter(panel -> panel == second).count(),
                    "the second panel is used where it is, by two rows and by one");
        }
    }

    private Kernels recording(Kernels kernels) {
        return (Kernels) Proxy.newProxyInstance(
                Kernels.class.getClassLoader(), new Class<?>[] {Kernels.class}, (_, method, arguments) -> {
                    if (method.getName().equals("product")) {
                        panels.add((Long) arguments[5]);
                    }
                    return method.invoke(kernels, arguments);
                });
    }
}
