package dev.dllm.kernels.vector;

import dev.dllm.kernels.scalar.Elementwise;
import dev.dllm.kernels.scalar.Norm;
import dev.dllm.kernels.scalar.Softmax;
import dev.dllm.kernels.tier.Kernels;

/// How a sum has 16 partial sums whatever the lane width: narrower vectors make several passes over the row, each with
/// the lanes of its part of every block of 16 elements.
final class Reduction {
    static final long BLOCK_BYTES = Kernels.PARTIALS * 4L;

    private Reduction() {}

    /// The bytes of a run of `n` floats that whole blocks cover.
    static long wholeBytes(int n) {
        return n / Kernels.PARTIALS * BLOCK_BYTES;
    }

    static float sumSquares(long x, int n, long scratch) {
        long bytes = wholeBytes(n);
        for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
            NormLanes.sumSquares(x + part, bytes, scratch + part);
        }
        Norm.sumSquares(x, (int) (bytes / 4), n, scratch);
        return Norm.total(scratch);
    }

    static float addSumSquares(long residual, long x, int n, long scratch) {
        long bytes = wholeBytes(n);
        for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
            NormLanes.addSumSquares(residual + part, x + part, bytes, scratch + part);
        }
        Elementwise.add(residual, residual, x, (int) (bytes / 4), n);
        Norm.sumSquares(residual, (int) (bytes / 4), n, scratch);
        return Norm.total(scratch);
    }

    static float expSum(long x, int n, float max, long scratch) {
        long bytes = wholeBytes(n);
        for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
            ExpLanes.exp(x + part, x + part, max, 1, bytes, scratch + part);
        }
        Softmax.expSum(x, (int) (bytes / 4), n, max, scratch);
        return Norm.total(scratch);
    }
}
