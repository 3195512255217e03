package dev.dllm.kernels.vector;

import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.tier.Native.FLOAT;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.I32;
import static dev.dllm.kernels.vector.Lanes.ORDER;
import static dev.dllm.kernels.vector.Lanes.PANEL_BYTES;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// [dev.dllm.kernels.tier.Kernels#product] for BF16 panels. A word holds two `k` of a channel. One and two rows take
/// both per pass of the loop, with a shift and a mask; four rows take one, which a load at the right byte and a mask
/// turn into a float: more would be too many operations for C2.
///
/// The number of rows is in the method's name; two and four rows are loaded and stored as in [F32Product].
final class Bf16Product {
    private static final int UPPER_HALF = 0xffff0000;

    private Bf16Product() {}

    static void one(long c, long a, long b, int words) {
        IntVector upperHalf = IntVector.broadcast(I32, UPPER_HALF);
        FloatVector c00 = FloatVector.fromMemorySegment(F32, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(F32, ALL, c + BYTES, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * BYTES, ORDER);
        for (long end = a + words * 8L; a != end; a += 8, b += PANEL_BYTES) {
            IntVector w0 = IntVector.fromMemorySegment(I32, ALL, b, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(I32, ALL, b + BYTES, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(I32, ALL, b + 2 * BYTES, ORDER);
            FloatVector even0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector even1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector even2 = w2.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector x0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a));
            c00 = x0.fma(even0, c00);
            c01 = x0.fma(even1, c01);
            c02 = x0.fma(even2, c02);
            FloatVector odd0 = w0.and(upperHalf).reinterpretAsFloats();
            FloatVector odd1 = w1.and(upperHalf).reinterpretAsFloats();
            FloatVector odd2 = w2.and(upperHalf).reinterpretAsFloats();
            FloatVector y0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 4));
            c00 = y0.fma(odd0, c00);
            c01 = y0.fma(odd1, c01);
            c02 = y0.fma(odd2, c02);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + BYTES, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * BYTES, ORDER);
    }

    static void two(long c, long cStride, long a, long b, int words) {
        IntVector upperHalf = IntVector.broadcast(I32, UPPER_HALF);
        FloatVector c00 = FloatVector.zero(F32);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c12 = c00;
        for (long row = c, end = c + 2 * cStride; row != end; row += cStride) {
            c00 = c10;
            c01 = c11;
            c02 = c12;
            c10 = FloatVector.fromMemorySegment(F32, ALL, row, ORDER);
            c11 = FloatVector.fromMemorySegment(F32, ALL, row + BYTES, ORDER);
            c12 = FloatVector.fromMemorySegment(F32, ALL, row + 2 * BYTES, ORDER);
        }
        for (long end = a + words * 16L; a != end; a += 16, b += PANEL_BYTES) {
            IntVector w0 = IntVector.fromMemorySegment(I32, ALL, b, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(I32, ALL, b + BYTES, ORDER);
            IntVector w2 = IntVector.fromMemorySegment(I32, ALL, b + 2 * BYTES, ORDER);
            FloatVector even0 = w0.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector even1 = w1.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector even2 = w2.lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector x0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a));
            c00 = x0.fma(even0, c00);
            c01 = x0.fma(even1, c01);
            c02 = x0.fma(even2, c02);
            FloatVector x1 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 4));
            c10 = x1.fma(even0, c10);
            c11 = x1.fma(even1, c11);
            c12 = x1.fma(even2, c12);
            FloatVector odd0 = w0.and(upperHalf).reinterpretAsFloats();
            FloatVector odd1 = w1.and(upperHalf).reinterpretAsFloats();
            FloatVector odd2 = w2.and(upperHalf).reinterpretAsFloats();
            FloatVector y0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 8));
            c00 = y0.fma(odd0, c00);
            c01 = y0.fma(odd1, c01);
            c02 = y0.fma(odd2, c02);
            FloatVector y1 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 12));
            c10 = y1.fma(odd0, c10);
            c11 = y1.fma(odd1, c11);
            c12 = y1.fma(odd2, c12);
        }
        for (long row = c, end = c + 2 * cStride; row != end; row += cStride) {
            c00.intoMemorySegment(ALL, row, ORDER);
            c01.intoMemorySegment(ALL, row + BYTES, ORDER);
            c02.intoMemorySegment(ALL, row + 2 * BYTES, ORDER);
            c00 = c10;
            c01 = c11;
            c02 = c12;
        }
    }

    static void four(long c, long cStride, long a, long b, int words) {
        IntVector upperHalf = IntVector.broadcast(I32, UPPER_HALF);
        FloatVector c00 = FloatVector.zero(F32);
        FloatVector c01 = c00;
        FloatVector c02 = c00;
        FloatVector c10 = c00;
        FloatVector c11 = c00;
        FloatVector c12 = c00;
        FloatVector c20 = c00;
        FloatVector c21 = c00;
        FloatVector c22 = c00;
        FloatVector c30 = c00;
        FloatVector c31 = c00;
        FloatVector c32 = c00;
        for (long row = c, end = c + 4 * cStride; row != end; row += cStride) {
            c00 = c10;
            c01 = c11;
            c02 = c12;
            c10 = c20;
            c11 = c21;
            c12 = c22;
            c20 = c30;
            c21 = c31;
            c22 = c32;
            c30 = FloatVector.fromMemorySegment(F32, ALL, row, ORDER);
            c31 = FloatVector.fromMemorySegment(F32, ALL, row + BYTES, ORDER);
            c32 = FloatVector.fromMemorySegment(F32, ALL, row + 2 * BYTES, ORDER);
        }
        long step = 2;
        b -= 2;
        for (long end = a + words * 32L; a != end; a += 16) {
            FloatVector w0 = IntVector.fromMemorySegment(I32, ALL, b, ORDER).and(upperHalf).reinterpretAsFloats();
            FloatVector w1 = IntVector.fromMemorySegment(I32, ALL, b + BYTES, ORDER)
                    .and(upperHalf).reinterpretAsFloats();
            FloatVector w2 = IntVector.fromMemorySegment(I32, ALL, b + 2 * BYTES, ORDER)
                    .and(upperHalf).reinterpretAsFloats();
            FloatVector x0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a));
            c00 = x0.fma(w0, c00);
            c01 = x0.fma(w1, c01);
            c02 = x0.fma(w2, c02);
            FloatVector x1 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 4));
            c10 = x1.fma(w0, c10);
            c11 = x1.fma(w1, c11);
            c12 = x1.fma(w2, c12);
            FloatVector x2 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 8));
            c20 = x2.fma(w0, c20);
            c21 = x2.fma(w1, c21);
            c22 = x2.fma(w2, c22);
            FloatVector x3 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 12));
            c30 = x3.fma(w0, c30);
            c31 = x3.fma(w1, c31);
            c32 = x3.fma(w2, c32);
            b += step;
            step = PANEL_BYTES - step;
        }
        for (long row = c, end = c + 4 * cStride; row != end; row += cStride) {
            c00.intoMemorySegment(ALL, row, ORDER);
            c01.intoMemorySegment(ALL, row + BYTES, ORDER);
            c02.intoMemorySegment(ALL, row + 2 * BYTES, ORDER);
            c00 = c10;
            c01 = c11;
            c02 = c12;
            c10 = c20;
            c11 = c21;
            c12 = c22;
            c20 = c30;
            c21 = c31;
            c22 = c32;
        }
    }
}
