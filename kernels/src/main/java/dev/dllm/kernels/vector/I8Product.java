package dev.dllm.kernels.vector;

import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.tier.Native.FLOAT;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.I32;
import static dev.dllm.kernels.vector.Lanes.ORDER;
import static dev.dllm.kernels.vector.Lanes.PANEL_BYTES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.Vector;

/// [dev.dllm.kernels.tier.Kernels#product] for I8 panels. A word holds four `k` of a channel. One row takes two of them
/// per pass of the loop; two and four rows take one, which a load at the right byte puts where a word has its sign: more
/// would be too many operations for C2.
///
/// The number of rows is in the method's name; four rows are loaded and stored as in [F32Product].
final class I8Product {

    private I8Product() {}

    static void one(long c, long a, long b, int words) {
        FloatVector c00 = FloatVector.fromMemorySegment(F32, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(F32, ALL, c + BYTES, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * BYTES, ORDER);
        int shift = 16;
        for (long end = a + words * 16L; a != end; a += 8) {
            IntVector w0 = IntVector.fromMemorySegment(I32, ALL, b, ORDER).lanewise(LSHL, shift);
            IntVector w1 = IntVector.fromMemorySegment(I32, ALL, b + BYTES, ORDER).lanewise(LSHL, shift);
            IntVector w2 = IntVector.fromMemorySegment(I32, ALL, b + 2 * BYTES, ORDER).lanewise(LSHL, shift);
            Vector<Float> even0 = w0.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0);
            Vector<Float> even1 = w1.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0);
            Vector<Float> even2 = w2.lanewise(LSHL, 8).lanewise(ASHR, 24).convert(I2F, 0);
            FloatVector x0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a));
            c00 = x0.fma(even0, c00);
            c01 = x0.fma(even1, c01);
            c02 = x0.fma(even2, c02);
            Vector<Float> odd0 = w0.lanewise(ASHR, 24).convert(I2F, 0);
            Vector<Float> odd1 = w1.lanewise(ASHR, 24).convert(I2F, 0);
            Vector<Float> odd2 = w2.lanewise(ASHR, 24).convert(I2F, 0);
            FloatVector y0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 4));
            c00 = y0.fma(odd0, c00);
            c01 = y0.fma(odd1, c01);
            c02 = y0.fma(odd2, c02);
            b += shift == 0 ? PANEL_BYTES : 0;
            shift ^= 16;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + BYTES, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * BYTES, ORDER);
    }

    static void two(long c, long cStride, long a, long b, int words) {
        FloatVector c00 = FloatVector.fromMemorySegment(F32, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(F32, ALL, c + BYTES, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * BYTES, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(F32, ALL, c + cStride, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(F32, ALL, c + cStride + BYTES, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(F32, ALL, c + cStride + 2 * BYTES, ORDER);
        int left = 3;
        b -= 3;
        for (long end = a + words * 32L; a != end; a += 8) {
            Vector<Float> w0 = IntVector.fromMemorySegment(I32, ALL, b, ORDER).lanewise(ASHR, 24).convert(I2F, 0);
            Vector<Float> w1 = IntVector.fromMemorySegment(I32, ALL, b + BYTES, ORDER)
                    .lanewise(ASHR, 24).convert(I2F, 0);
            Vector<Float> w2 = IntVector.fromMemorySegment(I32, ALL, b + 2 * BYTES, ORDER)
                    .lanewise(ASHR, 24).convert(I2F, 0);
            FloatVector x0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a));
            c00 = x0.fma(w0, c00);
            c01 = x0.fma(w1, c01);
            c02 = x0.fma(w2, c02);
            FloatVector x1 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 4));
            c10 = x1.fma(w0, c10);
            c11 = x1.fma(w1, c11);
            c12 = x1.fma(w2, c12);
            b += left == 0 ? PANEL_BYTES - 3 : 1;
            left = left - 1 & 3;
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + BYTES, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * BYTES, ORDER);
        c10.intoMemorySegment(ALL, c + cStride, ORDER);
        c11.intoMemorySegment(ALL, c + cStride + BYTES, ORDER);
        c12.intoMemorySegment(ALL, c + cStride + 2 * BYTES, ORDER);
    }

    static void four(long c, long cStride, long a, long b, int words) {
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
        int left = 3;
        b -= 3;
        for (long end = a + words * 64L; a != end; a += 16) {
            Vector<Float> w0 = IntVector.fromMemorySegment(I32, ALL, b, ORDER).lanewise(ASHR, 24).convert(I2F, 0);
            Vector<Float> w1 = IntVector.fromMemorySegment(I32, ALL, b + BYTES, ORDER)
                    .lanewise(ASHR, 24).convert(I2F, 0);
            Vector<Float> w2 = IntVector.fromMemorySegment(I32, ALL, b + 2 * BYTES, ORDER)
                    .lanewise(ASHR, 24).convert(I2F, 0);
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
            b += left == 0 ? PANEL_BYTES - 3 : 1;
            left = left - 1 & 3;
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
