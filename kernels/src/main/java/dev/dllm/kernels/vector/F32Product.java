package dev.dllm.kernels.vector;

import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.tier.Native.FLOAT;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.ORDER;
import static dev.dllm.kernels.vector.Lanes.PANEL_BYTES;

import jdk.incubator.vector.FloatVector;

/// [dev.dllm.kernels.tier.Kernels#product] for F32 panels.
///
/// The number of rows is in the method's name: Java has no loop over registers. It has one that moves them along by a
/// row per pass, to load and to store four rows: with twelve operations for each they would be too many for C2.
final class F32Product {

    private F32Product() {}

    static void one(long c, long a, long b, int words) {
        FloatVector c00 = FloatVector.fromMemorySegment(F32, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(F32, ALL, c + BYTES, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * BYTES, ORDER);
        for (long end = a + words * 4L; a != end; a += 4, b += PANEL_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(F32, ALL, b, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(F32, ALL, b + BYTES, ORDER);
            FloatVector w2 = FloatVector.fromMemorySegment(F32, ALL, b + 2 * BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a));
            c00 = x0.fma(w0, c00);
            c01 = x0.fma(w1, c01);
            c02 = x0.fma(w2, c02);
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
        for (long end = a + words * 8L; a != end; a += 8, b += PANEL_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(F32, ALL, b, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(F32, ALL, b + BYTES, ORDER);
            FloatVector w2 = FloatVector.fromMemorySegment(F32, ALL, b + 2 * BYTES, ORDER);
            FloatVector x0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a));
            c00 = x0.fma(w0, c00);
            c01 = x0.fma(w1, c01);
            c02 = x0.fma(w2, c02);
            FloatVector x1 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 4));
            c10 = x1.fma(w0, c10);
            c11 = x1.fma(w1, c11);
            c12 = x1.fma(w2, c12);
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
        for (long end = a + words * 16L; a != end; a += 16, b += PANEL_BYTES) {
            FloatVector w0 = FloatVector.fromMemorySegment(F32, ALL, b, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(F32, ALL, b + BYTES, ORDER);
            FloatVector w2 = FloatVector.fromMemorySegment(F32, ALL, b + 2 * BYTES, ORDER);
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
