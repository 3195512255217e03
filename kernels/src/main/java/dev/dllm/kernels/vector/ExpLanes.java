package dev.dllm.kernels.vector;

import static dev.dllm.kernels.vector.Lanes.F32;

import dev.dllm.kernels.tier.Exp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// [Exp#exp], lane by lane and bit for bit. Small enough to be inlined into the kernels that use it.
final class ExpLanes {

    private ExpLanes() {}

    /// Comparisons with NaN are false, so NaN passes both blends and comes out of the polynomial.
    static FloatVector exp(FloatVector x) {
        FloatVector shifted = x.fma(FloatVector.broadcast(F32, Exp.LOG2_E), FloatVector.broadcast(F32, Exp.ROUNDER));
        FloatVector n = shifted.sub(Exp.ROUNDER);
        FloatVector r = n.fma(FloatVector.broadcast(F32, -Exp.LN2_HIGH), x);
        r = n.fma(FloatVector.broadcast(F32, -Exp.LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(F32, Exp.C6), FloatVector.broadcast(F32, Exp.C5));
        p = p.fma(r, FloatVector.broadcast(F32, Exp.C4));
        p = p.fma(r, FloatVector.broadcast(F32, Exp.C3));
        p = p.fma(r, FloatVector.broadcast(F32, Exp.C2));
        p = p.fma(r, FloatVector.broadcast(F32, 2));
        p = p.fma(r, FloatVector.broadcast(F32, 2));
        FloatVector power = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23)
                .add(Exp.EXPONENT_BIAS).reinterpretAsFloats();
        return p.mul(power)
                .blend(0, x.compare(VectorOperators.LT, Exp.LOWEST))
                .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, Exp.HIGHEST));
    }
}
