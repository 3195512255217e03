package dev.dllm.kernels.vector;

import dev.dllm.kernels.scalar.Elementwise;
import dev.dllm.kernels.scalar.Norm;
import dev.dllm.kernels.scalar.Softmax;
import dev.dllm.kernels.tier.Kernels;

/// How a sum has 16 partial sums whatever the lane width: narrower vectors make several passes over the row, each with the
/// lanes of its part of every block of 16 elements.
final class Reduction {
    static final long BLOCK_BYTES = Kernels.PARTIALS * 4L;

    private Reduction() {}

    /// The bytes of a run of `n` floats that whole blocks cover.
    static long wholeBytes(int n) {
        return n / Kernels.PARTIALS * BLOCK_BYTES;
    }

    static float sumSquares(long x, int n, long partials) {
        long bytes = wholeBytes(n);
        for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
            NormLanes.sumSquares(x + part, bytes, partials + part);
        }
        Norm.sumSquares(x, (int) (bytes / 4), n, partials);
        return Norm.total(partials);
    }

    static float addSumSquares(long residual, long x, int n, long partials) {
        long bytes = wholeBytes(n);
        for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
            NormLanes.addSumSquares(residual + part, x + part, bytes, partials + part);
        }
        Elementwise.add(residual, residual, x, (int) (bytes / 4), n);
        Norm.sumSquares(residual, (int) (bytes / 4), n, partials);
        return Norm.total(partials);
    }

    static float expSum(long x, int n, float max, long partials) {
        long bytes = wholeBytes(n);
        for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
            SoftmaxLanes.expSum(x + part, bytes, max, partials + part);
        }
        Softmax.expSum(x, (int) (bytes / 4), n, max, partials);
        return Norm.total(partials);
    }

    static void expSums(long x, int n, float max, float factor, long partials) {
        long bytes = wholeBytes(n);
        for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
            SoftmaxLanes.expSums(x + part, bytes, max, factor, partials + 2 * part);
        }
        Softmax.expSums(x, (int) (bytes / 4), n, max, factor, partials);
    }
}
