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

/// [dev.dllm.kernels.tier.Kernels#product] for BF16 panels. A word holds two `k` of a channel; a shift and a mask turn
/// its halves into floats, in registers.
///
/// The number of rows is in the method's name. The methods differ in nothing else: Java has no loop over registers.
final class Bf16Product {
    private static final int UPPER_HALF = 0xffff0000;

    private Bf16Product() {}

    static void one(long c, long a, long b, int words) {
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
            FloatVector odd0 = w0.and(UPPER_HALF).reinterpretAsFloats();
            FloatVector odd1 = w1.and(UPPER_HALF).reinterpretAsFloats();
            FloatVector odd2 = w2.and(UPPER_HALF).reinterpretAsFloats();
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
        FloatVector c00 = FloatVector.fromMemorySegment(F32, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(F32, ALL, c + BYTES, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * BYTES, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(F32, ALL, c + cStride, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(F32, ALL, c + cStride + BYTES, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(F32, ALL, c + cStride + 2 * BYTES, ORDER);
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
            FloatVector odd0 = w0.and(UPPER_HALF).reinterpretAsFloats();
            FloatVector odd1 = w1.and(UPPER_HALF).reinterpretAsFloats();
            FloatVector odd2 = w2.and(UPPER_HALF).reinterpretAsFloats();
            FloatVector y0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 8));
            c00 = y0.fma(odd0, c00);
            c01 = y0.fma(odd1, c01);
            c02 = y0.fma(odd2, c02);
            FloatVector y1 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 12));
            c10 = y1.fma(odd0, c10);
            c11 = y1.fma(odd1, c11);
            c12 = y1.fma(odd2, c12);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + BYTES, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * BYTES, ORDER);
        c10.intoMemorySegment(ALL, c + cStride, ORDER);
        c11.intoMemorySegment(ALL, c + cStride + BYTES, ORDER);
        c12.intoMemorySegment(ALL, c + cStride + 2 * BYTES, ORDER);
    }

    static void four(long c, long cStride, long a, long b, int words) {
        FloatVector c00 = FloatVector.fromMemorySegment(F32, ALL, c, ORDER);
        FloatVector c01 = FloatVector.fromMemorySegment(F32, ALL, c + BYTES, ORDER);
        FloatVector c02 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * BYTES, ORDER);
        FloatVector c10 = FloatVector.fromMemorySegment(F32, ALL, c + cStride, ORDER);
        FloatVector c11 = FloatVector.fromMemorySegment(F32, ALL, c + cStride + BYTES, ORDER);
        FloatVector c12 = FloatVector.fromMemorySegment(F32, ALL, c + cStride + 2 * BYTES, ORDER);
        FloatVector c20 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * cStride, ORDER);
        FloatVector c21 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * cStride + BYTES, ORDER);
        FloatVector c22 = FloatVector.fromMemorySegment(F32, ALL, c + 2 * cStride + 2 * BYTES, ORDER);
        FloatVector c30 = FloatVector.fromMemorySegment(F32, ALL, c + 3 * cStride, ORDER);
        FloatVector c31 = FloatVector.fromMemorySegment(F32, ALL, c + 3 * cStride + BYTES, ORDER);
        FloatVector c32 = FloatVector.fromMemorySegment(F32, ALL, c + 3 * cStride + 2 * BYTES, ORDER);
        for (long end = a + words * 32L; a != end; a += 32, b += PANEL_BYTES) {
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
            FloatVector x2 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 8));
            c20 = x2.fma(even0, c20);
            c21 = x2.fma(even1, c21);
            c22 = x2.fma(even2, c22);
            FloatVector x3 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 12));
            c30 = x3.fma(even0, c30);
            c31 = x3.fma(even1, c31);
            c32 = x3.fma(even2, c32);
            FloatVector odd0 = w0.and(UPPER_HALF).reinterpretAsFloats();
            FloatVector odd1 = w1.and(UPPER_HALF).reinterpretAsFloats();
            FloatVector odd2 = w2.and(UPPER_HALF).reinterpretAsFloats();
            FloatVector y0 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 16));
            c00 = y0.fma(odd0, c00);
            c01 = y0.fma(odd1, c01);
            c02 = y0.fma(odd2, c02);
            FloatVector y1 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 20));
            c10 = y1.fma(odd0, c10);
            c11 = y1.fma(odd1, c11);
            c12 = y1.fma(odd2, c12);
            FloatVector y2 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 24));
            c20 = y2.fma(odd0, c20);
            c21 = y2.fma(odd1, c21);
            c22 = y2.fma(odd2, c22);
            FloatVector y3 = FloatVector.broadcast(F32, ALL.get(FLOAT, a + 28));
            c30 = y3.fma(odd0, c30);
            c31 = y3.fma(odd1, c31);
            c32 = y3.fma(odd2, c32);
        }
        c00.intoMemorySegment(ALL, c, ORDER);
        c01.intoMemorySegment(ALL, c + BYTES, ORDER);
        c02.intoMemorySegment(ALL, c + 2 * BYTES, ORDER);
        c10.intoMemorySegment(ALL, c + cStride, ORDER);
        c11.intoMemorySegment(ALL, c + cStride + BYTES, ORDER);
        c12.intoMemorySegment(ALL, c + cStride + 2 * BYTES, ORDER);
        c20.intoMemorySegment(ALL, c + 2 * cStride, ORDER);
        c21.intoMemorySegment(ALL, c + 2 * cStride + BYTES, ORDER);
        c22.intoMemorySegment(ALL, c + 2 * cStride + 2 * BYTES, ORDER);
        c30.intoMemorySegment(ALL, c + 3 * cStride, ORDER);
        c31.intoMemorySegment(ALL, c + 3 * cStride + BYTES, ORDER);
        c32.intoMemorySegment(ALL, c + 3 * cStride + 2 * BYTES, ORDER);
    }
}
