package dev.dllm.kernels.vector;

import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.I32;
import static dev.dllm.kernels.vector.Lanes.ORDER;
import static dev.dllm.kernels.vector.Lanes.PANEL_BYTES;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// F16 to F32 by integer operations, two per 32-bit word.
final class UnpackLanes {
    private static final int UPPER_HALF = 0xffff0000;
    private static final int SIGN = 0x80000000;
    private static final int MAGNITUDE = 0x7fff0000;
    /// What the exponent's bias differs by.
    private static final float REBIAS = 0x1p112f;
    /// From here on, magnitudes that have been shifted into place were infinite or NaN.
    private static final int NOT_FINITE = 0x0f800000;
    private static final int EXPONENT = 0x7f800000;

    private UnpackLanes() {}

    /// @param out   `[2 · words][P]`
    /// @param panel `[words][P]`
    static void widenHalves(long out, long panel, int words) {
        long end = panel + words * PANEL_BYTES;
        widen(out, panel, end, 16);
        widen(out + PANEL_BYTES, panel, end, 0);
    }

    /// One half of each word: the lower one if `shift` is 16, the upper one if it is 0.
    ///
    /// Subnormal numbers come out right: the shifted magnitude is a subnormal float, and the multiplication is exact.
    private static void widen(long out, long panel, long end, int shift) {
        for (long rowEnd = panel + PANEL_BYTES; panel != end; rowEnd += PANEL_BYTES, out += PANEL_BYTES) {
            for (; panel != rowEnd; panel += BYTES, out += BYTES) {
                IntVector half = IntVector.fromMemorySegment(I32, ALL, panel, ORDER)
                        .lanewise(VectorOperators.LSHL, shift)
                        .and(UPPER_HALF);
                IntVector magnitude = half.and(MAGNITUDE).lanewise(VectorOperators.LSHR, 3);
                IntVector finite = magnitude.reinterpretAsFloats().mul(REBIAS).reinterpretAsInts();
                finite.blend(magnitude.or(EXPONENT), magnitude.compare(VectorOperators.GE, NOT_FINITE))
                        .or(half.and(SIGN))
                        .intoMemorySegment(ALL, out, ORDER);
            }
        }
    }
}
