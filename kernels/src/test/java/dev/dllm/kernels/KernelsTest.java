package dev.dllm.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.kernels.scalar.ScalarKernels;
import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Every kernel of this process gives the bits of the scalar kernel, at every length and alignment, and touches nothing
/// else. The build runs this for each lane width.
class KernelsTest {
    private static final int FLOATS = 1 << 14;
    private static final int[] LENGTHS = {
        0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 100, 769, 1600
    };
    private static final float[] SPECIAL = {
        0, -0f, 1, -1, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE, -1e-39f, 88.7f, 89,
        -86.8f, -87, -104, -1e30f, 3e38f
    };

    private final Random random = new Random(11);
    private final Arena arena = Arena.ofShared();
    private final MemorySegment a = arena.allocate(FLOATS * 4L, 64);
    private final MemorySegment b = arena.allocate(FLOATS * 4L, 64);
    private final MemorySegment kernelScratch = arena.allocate(Kernels.SCRATCH_BYTES, 64);
    private Kernels subject;
    private Kernels scalar;

    /// A kernel call on one copy of the data; what it returns is compared as well.
    private interface Call {
        double on(Kernels kernels, long data);
    }

    @BeforeAll
    static void needsTheVectors() {
        Machine.assumeForcedWidth();
    }

    @BeforeEach
    void choose() {
        subject = KernelTier.kernels();
        scalar = new ScalarKernels(subject.panelRows());
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void elementwise() {
        long scratch = kernelScratch.address();
        for (int n : LENGTHS) {
            same("add", (k, x) -> run(() -> k.add(x, x + 8000, x + 16000, n)));
            same("add in place", (k, x) -> run(() -> k.add(x, x, x + 16004, n)));
            same("guide", (k, x) -> run(() -> k.guide(x, x + 8000, x + 16000, 1.3f, n)));
            same("guide over conditional", (k, x) -> run(() -> k.guide(x + 4, x + 4, x + 16000, 1.3f, n)));
            same("guide over unconditional", (k, x) -> run(() -> k.guide(x + 4, x + 8000, x + 4, 1.3f, n)));
            same("multiply", (k, x) -> run(() -> k.multiply(x + 4, x + 8004, x + 16000, n)));
            same("scale", (k, x) -> run(() -> k.scale(x + 4, 1.7f, n)));
            same("addScaled", (k, x) -> run(() -> k.addScaled(x + 12, -0.3f, x + 8000, n)));
            same("swiglu", (k, x) -> run(() -> k.swiglu(x, x + 8000, x + 16000, n, scratch)));
            same("swiglu over gate", (k, x) -> run(() -> k.swiglu(x + 4, x + 4, x + 16000, n, scratch)));
            same("swiglu over up", (k, x) -> run(() -> k.swiglu(x + 4, x + 8000, x + 4, n, scratch)));
            same("normalize", (k, x) -> run(() -> k.normalize(x, x, 0.77f, x + 16000, n)));
            same("rotate", (k, x) -> run(() -> k.rotate(x + 4, x + 16000, x + 24000, n)));
        }
    }

    @Test
    void reductions() {
        long scratch = kernelScratch.address();
        for (int n : LENGTHS) {
            same("sumSquares", (k, x) -> k.sumSquares(x + 4, n, scratch));
            same("addSumSquares", (k, x) -> k.addSumSquares(x, x + 16000, n, scratch));
            same("max", (k, x) -> k.max(x + 4, n));
            same("expSum", (k, x) -> k.expSum(x + 4, n, 1.5f, scratch));
            same("expSums", (k, x) -> run(() -> k.expSums(x + 4, n, 1.5f, 0.7f, x + 32000, scratch)));
            for (int i = 0; i < n; i += 5) {
                long found = i;
                same("indexOf", (k, x) -> {
                    Native.f32(x + found * 4, 1234.5f);
                    return k.indexOf(x, n, 1234.5f);
                });
            }
            assertEquals(-1, subject.indexOf(a.address(), n, 999));
        }
    }

    @Test
    void noLargestElement() {
        fillFinite();
        assertEquals(Float.NEGATIVE_INFINITY, subject.max(a.address(), 0));
        for (int n : LENGTHS) {
            for (int i = 0; i < n; i += 3) {
                for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
                    float before = a.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                    a.setAtIndex(ValueLayout.JAVA_FLOAT, i, broken);
                    assertEquals(Float.NaN, subject.max(a.address(), n), n + " elements, " + broken + " at " + i);
                    a.setAtIndex(ValueLayout.JAVA_FLOAT, i, before);
                }
            }
        }
    }

    @Test
    void products() {
        int p = subject.panelRows();
        for (DType storage : new DType[] {DType.F32, DType.BF16, DType.I8}) {
            for (int rows : new int[] {1, 2, 4}) {
                for (int words : new int[] {0, 1, 2, 3, 17}) {
                    same("product " + storage + " of " + rows + " rows and " + words + " words", (k, x) -> run(() ->
                            k.product(storage, rows, x + 4, p * 4L + 8, x + 4096, x + 16384, words)));
                }
            }
        }
    }

    @Test
    void transpose() {
        for (int width : new int[] {1, 2, 4, 12, 24, 48}) {
            for (int rows : new int[] {0, 1, 2, 3, 4, 7, 12, 17, 33, 48}) {
                for (int words : new int[] {0, 1, 2, 5, 16, 33}) {
                    if (rows <= width) {
                        same("transpose %d of %d rows of %d words".formatted(rows, width, words), (k, x) -> run(() ->
                                k.transpose(x, width, x + 16388, 140, rows, words, kernelScratch.address())));
                    }
                }
            }
        }
    }

    /// All 65536 numbers, in both halves of a word.
    @Test
    void widenHalves() {
        int perCall = subject.panelRows() * 8;
        for (int first = 0; first < 1 << 16; first += perCall) {
            int from = first;
            same("widenHalves from " + first, (k, x) -> {
                for (int i = 0; i < perCall; i++) {
                    Native.i32(x + 32768 + i * 4L, (from + i) << 16 | (from + i + 777) & 0xffff);
                }
                return run(() -> k.widenHalves(x, x + 32768, 8));
            });
        }
    }

    private void same(String what, Call call) {
        fill();
        double expected = call.on(scalar, a.address());
        double found = call.on(subject, b.address());
        assertEquals(expected, found, what);
        assertArrayEquals(bits(a), bits(b), what);
    }

    private static double run(Runnable kernel) {
        kernel.run();
        return 0;
    }

    /// The same numbers in both copies: magnitudes around 1 and, every now and then, what arithmetic treats specially.
    private void fill() {
        for (int i = 0; i < FLOATS; i++) {
            float value = random.nextInt(50) == 0
                    ? SPECIAL[random.nextInt(SPECIAL.length)]
                    : (float) random.nextGaussian() * 4;
            a.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
        }
        b.copyFrom(a);
    }

    private void fillFinite() {
        for (int i = 0; i < FLOATS; i++) {
            a.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
    }

    /// Every NaN counts as the same: which one comes out is the processor's business.
    private static int[] bits(MemorySegment floats) {
        int[] bits = new int[FLOATS];
        for (int i = 0; i < FLOATS; i++) {
            bits[i] = Float.floatToIntBits(floats.getAtIndex(ValueLayout.JAVA_FLOAT, i));
        }
        return bits;
    }
}
