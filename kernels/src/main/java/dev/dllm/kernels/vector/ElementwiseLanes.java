package dev.dllm.kernels.vector;

import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;

/// Kernels that treat every element alike, on whole vectors: `bytes` is a multiple of a vector's size.
final class ElementwiseLanes {

    private ElementwiseLanes() {}

    static void add(long out, long a, long b, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector.fromMemorySegment(F32, ALL, a + i, ORDER)
                    .add(FloatVector.fromMemorySegment(F32, ALL, b + i, ORDER))
                    .intoMemorySegment(ALL, out + i, ORDER);
        }
    }

    static void guide(long out, long conditional, long unconditional, float factor, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector base = FloatVector.fromMemorySegment(F32, ALL, unconditional + i, ORDER);
            FloatVector.fromMemorySegment(F32, ALL, conditional + i, ORDER)
                    .sub(base)
                    .mul(factor)
                    .add(base)
                    .intoMemorySegment(ALL, out + i, ORDER);
        }
    }

    static void multiply(long out, long a, long b, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector.fromMemorySegment(F32, ALL, a + i, ORDER)
                    .mul(FloatVector.fromMemorySegment(F32, ALL, b + i, ORDER))
                    .intoMemorySegment(ALL, out + i, ORDER);
        }
    }

    static void scale(long x, float factor, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector.fromMemorySegment(F32, ALL, x + i, ORDER).mul(factor).intoMemorySegment(ALL, x + i, ORDER);
        }
    }

    static void addScaled(long out, float factor, long x, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector.broadcast(F32, factor)
                    .fma(
                            FloatVector.fromMemorySegment(F32, ALL, x + i, ORDER),
                            FloatVector.fromMemorySegment(F32, ALL, out + i, ORDER))
                    .intoMemorySegment(ALL, out + i, ORDER);
        }
    }

    /// `out = gate / (1 + e) · up`.
    static void gate(long out, long gate, long e, long up, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector.fromMemorySegment(F32, ALL, gate + i, ORDER)
                    .div(FloatVector.fromMemorySegment(F32, ALL, e + i, ORDER).add(1))
                    .mul(FloatVector.fromMemorySegment(F32, ALL, up + i, ORDER))
                    .intoMemorySegment(ALL, out + i, ORDER);
        }
    }

    /// The pairs are `distance` bytes apart.
    static void rotate(long x, long distance, long cos, long sin, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector a = FloatVector.fromMemorySegment(F32, ALL, x + i, ORDER);
            FloatVector b = FloatVector.fromMemorySegment(F32, ALL, x + distance + i, ORDER);
            FloatVector c = FloatVector.fromMemorySegment(F32, ALL, cos + i, ORDER);
            FloatVector s = FloatVector.fromMemorySegment(F32, ALL, sin + i, ORDER);
            a.fma(c, b.mul(s).neg()).intoMemorySegment(ALL, x + i, ORDER);
            a.fma(s, b.mul(c)).intoMemorySegment(ALL, x + distance + i, ORDER);
        }
    }
}
