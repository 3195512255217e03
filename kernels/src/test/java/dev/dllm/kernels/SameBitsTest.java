package dev.dllm.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The ops give the same bits on every tier, at every lane width, with any number of threads, interpreted or compiled:
/// the checksums below hold in each JVM that the build runs this in. (The ops that compute in float64 with the JDK's
/// functions are not among them: those may differ between machines in the last bit.)
class SameBitsTest {
    /// Enough for every kernel to be compiled on the way.
    private static final int REPETITIONS = 150;

    @BeforeAll
    static void needsTheVectors() {
        Machine.assumeForcedWidth();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void allOps(int threads) {
        try (Backend backend = new CpuBackendProvider().open(new BackendOptions(threads));
                Arena arena = Arena.ofShared()) {
            Fixture f = new Fixture(backend, arena);
            for (int i = 0; i < REPETITIONS; i++) {
                f.linear("5153fea8dd9095d9", f.bf16);
                f.linear("5153fea8dd9095d9", f.packed);
                f.rmsNorm("22cb3ba24f3d124f");
                f.rope("cfa18a3e821af3ea");
                f.attention("ac7e4947a94cfa6a");
                f.swiglu("cbfa90de8d1bf6c6");
                f.guide("23c9e519e48b7c32");
                f.experts("c97a5c9654da2e57");
            }
        }
    }

    /// Operands with the same contents in every JVM.
    private static final class Fixture {
        private static final int ROWS = 13;
        private static final int WIDTH = 204;

        final Random random = new Random(2025);
        final Ops ops;
        final Backend backend;
        final Arena arena;
        final Tensor x;
        final Tensor y;
        final Tensor out;
        final Tensor norm;
        final Tensor angles;
        final Weight bf16;
        final Weight packed;
        final ExpertWeights experts;
        final Tensor ids;
        final Tensor gates;
        final KeyValues table;

        Fixture(Backend backend, Arena arena) {
            this.backend = backend;
            this.arena = arena;
            ops = backend.ops();
            x = random(DType.F32, ROWS, WIDTH);
            y = random(DType.F32, ROWS, WIDTH);
            out = random(DType.F32, ROWS, WIDTH);
            norm = random(DType.BF16, 1, WIDTH);
            angles = random(DType.F32, ROWS, 44);
            bf16 = Weight.of(random(DType.BF16, WIDTH, WIDTH));
            packed = backend.pack(arena, bf16);
            experts = new ExpertWeights(weights(57, WIDTH), weights(57, WIDTH), weights(WIDTH, 57));
            ids = backend.allocate(arena, DType.I32, ROWS, 2);
            gates = random(DType.F32, ROWS, 2);
            table = new KeyValues(random(DType.F32, 210, 2 * 51), random(DType.F32, 210, 2 * 51));
            for (int i = 0; i < ROWS; i++) {
                ids.set(i, 0, i % 3);
                ids.set(i, 1, (i + 1) % 4);
            }
        }

        void linear(String expected, Weight w) {
            ops.linear(out, x, w, null);
            check("linear", expected);
        }

        void rmsNorm(String expected) {
            ops.rmsNorm(out, x, norm, 1e-6f);
            check("rmsNorm", expected);
        }

        void rope(String expected) {
            ops.gatherRows(out, x, Indices.of(IntStream.range(0, ROWS).toArray()));
            ops.rope(out, 51, angles);
            check("rope", expected);
        }

        void attention(String expected) {
            ops.attention(out, x, 51, List.of(table), List.of(
                    new KeyGroup(0, 1, 0, new int[] {0, 1}),
                    new KeyGroup(1, 12, 0, new int[] {3, 140, 151, 210})), 0.14f);
            check("attention", expected);
        }

        void swiglu(String expected) {
            ops.swiglu(out, x, y);
            check("swiglu", expected);
        }

        void guide(String expected) {
            ops.guide(out, x, y, 0.6f);
            check("guide", expected);
        }

        void experts(String expected) {
            ops.experts(out, x, ids, gates, experts);
            check("experts", expected);
        }

        private List<Weight> weights(int n, int k) {
            return IntStream.range(0, 4).mapToObj(_ -> Weight.of(random(DType.BF16, n, k))).toList();
        }

        private Tensor random(DType dtype, int rows, int cols) {
            Tensor tensor = backend.allocate(arena, dtype, rows, cols);
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < cols; c++) {
                    tensor.set(r, c, (float) random.nextGaussian());
                }
            }
            return tensor;
        }

        private void check(String op, String expected) {
            long sum = 0;
            for (int r = 0; r < ROWS; r++) {
                for (int c = 0; c < WIDTH; c++) {
                    sum = sum * 31 + Float.floatToRawIntBits(out.get(r, c));
                }
            }
            assertEquals(expected, Long.toHexString(sum), op);
        }
    }
}
