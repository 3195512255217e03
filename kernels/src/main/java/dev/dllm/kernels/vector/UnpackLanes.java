package dev.dllm.kernels.vector;

import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.I32;
import static dev.dllm.kernels.vector.Lanes.ORDER;
import static dev.dllm.kernels.vector.Lanes.PANEL_BYTES;

import jdk.incubator.vector.FloatVector;
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
        for (int k = 0; k < words; k++, out += PANEL_BYTES) {
            for (long end = panel + PANEL_BYTES; panel != end; panel += BYTES, out += BYTES) {
                IntVector word = IntVector.fromMemorySegment(I32, ALL, panel, ORDER);
                widen(word.lanewise(VectorOperators.LSHL, 16)).intoMemorySegment(ALL, out, ORDER);
                widen(word.and(UPPER_HALF)).intoMemorySegment(ALL, out + PANEL_BYTES, ORDER);
            }
        }
    }

    /// The F16 in the upper half of each lane; the lower half is 0. Subnormal numbers come out right: the shifted magnitude
    /// is a subnormal float, and the multiplication is exact.
    private static FloatVector widen(IntVector half) {
        IntVector shifted = half.and(MAGNITUDE).lanewise(VectorOperators.LSHR, 3);
        IntVector finite = shifted.reinterpretAsFloats().mul(REBIAS).reinterpretAsInts();
        return finite.blend(shifted.or(EXPONENT), shifted.compare(VectorOperators.GE, NOT_FINITE))
                .or(half.and(SIGN))
                .reinterpretAsFloats();
    }
}
