package dev.dllm.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class SharedBackendTest {
    private static final int CALLERS = 4;
    private static final int CALLS = 200;

    /// Sessions that share a backend take turns: each gets the results it would get alone.
    @Test
    void callersDoNotDisturbEachOther() throws Exception {
        try (Backend backend = new CpuBackendProvider().open(new BackendOptions(2));
                ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Callable<Boolean>> sessions = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                int rows = 1 + 3 * i;
                sessions.add(() -> session(backend, rows));
            }
            for (Future<Boolean> session : callers.invokeAll(sessions)) {
                session.get();
            }
        }
    }

    private static boolean session(Backend backend, int rows) {
        try (Arena arena = Arena.ofShared()) {
            Random random = new Random(rows);
            Tensor x = backend.allocate(arena, DType.F32, rows, 300);
            Tensor w = backend.allocate(arena, DType.F32, 150, 300);
            for (Tensor tensor : new Tensor[] {x, w}) {
                for (int r = 0; r < tensor.rows(); r++) {
                    for (int c = 0; c < tensor.cols(); c++) {
                        tensor.set(r, c, (float) random.nextGaussian());
                    }
                }
            }
            Tensor out = backend.allocate(arena, DType.F32, rows, 150);
            for (int call = 0; call < CALLS; call++) {
                backend.ops().linear(out, x, Weight.of(w), null);
                int row = call % rows;
                int channel = call * 7 % 150;
                float expected = 0;
                for (int k = 0; k < 300; k++) {
                    expected = Math.fma(x.get(row, k), w.get(channel, k), expected);
                }
                assertEquals(expected, out.get(row, channel));
                out.set(row, channel, Float.NaN);
            }
        }
        return true;
    }
}
