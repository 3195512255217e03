package dev.dllm.kernels.vector;

import static dev.dllm.kernels.scalar.Softmax.SMALLEST_EXPONENT;
import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.ORDER;
import static dev.dllm.kernels.vector.Reduction.BLOCK_BYTES;

import dev.dllm.kernels.tier.Exp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// [Exp#exp], lane by lane and bit for bit.
///
/// A loop from memory to memory and not a function of vectors: where the JIT does not inline such a function, its
/// vectors become objects, and which it inlines changes from run to run.
final class ExpLanes {

    private ExpLanes() {}

    /// `out = exp((x − max) · factor)` for the part of every block of 16 elements that a vector covers; the sums, lane
    /// by lane, are stored to `partials`. `out` may be `x`.
    ///
    /// Comparisons with NaN are false, so NaN passes the blends and comes out of the polynomial.
    ///
    /// @param bytes a multiple of a block's 64 bytes
    static void exp(long out, long x, float max, float factor, long bytes, long partials) {
        FloatVector sum = FloatVector.zero(F32);
        for (long end = x + bytes; x != end; x += BLOCK_BYTES, out += BLOCK_BYTES) {
            FloatVector t = FloatVector.fromMemorySegment(F32, ALL, x, ORDER).sub(max).mul(factor);
            t = t.blend(SMALLEST_EXPONENT, t.compare(VectorOperators.LT, SMALLEST_EXPONENT));
            FloatVector shifted =
                    t.fma(FloatVector.broadcast(F32, Exp.LOG2_E), FloatVector.broadcast(F32, Exp.ROUNDER));
            FloatVector n = shifted.sub(Exp.ROUNDER);
            FloatVector r = n.fma(FloatVector.broadcast(F32, -Exp.LN2_HIGH), t);
            r = n.fma(FloatVector.broadcast(F32, -Exp.LN2_LOW), r);
            FloatVector p = r.fma(FloatVector.broadcast(F32, Exp.C6), FloatVector.broadcast(F32, Exp.C5));
            p = p.fma(r, FloatVector.broadcast(F32, Exp.C4));
            p = p.fma(r, FloatVector.broadcast(F32, Exp.C3));
            p = p.fma(r, FloatVector.broadcast(F32, Exp.C2));
            p = p.fma(r, FloatVector.broadcast(F32, 2));
            p = p.fma(r, FloatVector.broadcast(F32, 2));
            FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)
                    .add(Exp.EXPONENT_BIAS).reinterpretAsFloats();
            FloatVector e = p.mul(power)
                    .blend(0, t.compare(VectorOperators.LT, Exp.LOWEST))
                    .blend(Float.POSITIVE_INFINITY, t.compare(VectorOperators.GT, Exp.HIGHEST));
            e.intoMemorySegment(ALL, out, ORDER);
            sum = sum.add(e);
        }
        sum.intoMemorySegment(ALL, partials, ORDER);
    }
}
