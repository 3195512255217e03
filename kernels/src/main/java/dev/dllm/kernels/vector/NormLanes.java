package dev.dllm.kernels.vector;

import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.ORDER;

import jdk.incubator.vector.FloatVector;

/// The passes of a root-mean-square norm on whole vectors.
final class NormLanes {

    private NormLanes() {}

    /// Squares of every block of 16 elements' part that a vector covers, summed lane by lane and stored to `partials`.
    ///
    /// @param bytes a multiple of a block's 64 bytes
    static void sumSquares(long x, long bytes, long partials) {
        FloatVector sum = FloatVector.zero(F32);
        for (long end = x + bytes; x != end; x += Reduction.BLOCK_BYTES) {
            FloatVector value = FloatVector.fromMemorySegment(F32, ALL, x, ORDER);
            sum = value.fma(value, sum);
        }
        sum.intoMemorySegment(ALL, partials, ORDER);
    }

    /// Like [#sumSquares], of `residual + x`, which is stored to `residual`.
    static void addSumSquares(long residual, long x, long bytes, long partials) {
        FloatVector sum = FloatVector.zero(F32);
        for (long end = x + bytes; x != end; x += Reduction.BLOCK_BYTES, residual += Reduction.BLOCK_BYTES) {
            FloatVector value = FloatVector.fromMemorySegment(F32, ALL, residual, ORDER)
                    .add(FloatVector.fromMemorySegment(F32, ALL, x, ORDER));
            value.intoMemorySegment(ALL, residual, ORDER);
            sum = value.fma(value, sum);
        }
        sum.intoMemorySegment(ALL, partials, ORDER);
    }

    static void normalize(long out, long x, float factor, long weight, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector.fromMemorySegment(F32, ALL, x + i, ORDER)
                    .mul(factor)
                    .mul(FloatVector.fromMemorySegment(F32, ALL, weight + i, ORDER))
                    .intoMemorySegment(ALL, out + i, ORDER);
        }
    }
}
