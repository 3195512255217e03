package dev.dllm.kernels.vector;

import static dev.dllm.kernels.vector.Reduction.BLOCK_BYTES;

import dev.dllm.kernels.scalar.Elementwise;
import dev.dllm.kernels.scalar.Softmax;
import dev.dllm.kernels.tier.Kernels;

/// Kernels that need exponentials beside their arguments: pieces of a row whose exponentials fit the scratch memory.
final class Exponentials {
    /// Where the exponentials of a piece are; the sums that nobody asks for are before.
    private static final long PIECE_AT = 1024;
    /// From the exponentials to their products, after which there is a block that [SoftmaxLanes#addSums] may read.
    private static final long PIECE_BYTES =
            (Kernels.SCRATCH_BYTES - PIECE_AT - BLOCK_BYTES) / 2 / BLOCK_BYTES * BLOCK_BYTES;
    private static final int PIECE = (int) (PIECE_BYTES / 4);

    private Exponentials() {}

    static void swiglu(long out, long gate, long up, int n, long scratch) {
        long e = scratch + PIECE_AT;
        int whole = n / Kernels.PARTIALS * Kernels.PARTIALS;
        for (int i = 0; i < whole; i += PIECE) {
            long offset = i * 4L;
            long bytes = Math.min(PIECE, whole - i) * 4L;
            exp(gate + offset, 0, -1, bytes, scratch);
            ElementwiseLanes.gate(out + offset, gate + offset, e, up + offset, bytes);
        }
        Elementwise.swiglu(out, gate, up, whole, n);
    }

    static void expSums(long x, int n, float max, float factor, long sums, long scratch) {
        long e = scratch + PIECE_AT;
        int whole = n / Kernels.PARTIALS * Kernels.PARTIALS;
        for (int i = 0; i < whole; i += PIECE) {
            long from = x + i * 4L;
            long bytes = Math.min(PIECE, whole - i) * 4L;
            exp(from, max, factor, bytes, scratch);
            SoftmaxLanes.weigh(e + PIECE_BYTES, e, from, max, factor, bytes);
            for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
                SoftmaxLanes.addSums(e + part, PIECE_BYTES, bytes, sums + 2 * part);
            }
        }
        Softmax.expSums(x, whole, n, max, factor, sums);
    }

    private static void exp(long x, float max, float factor, long bytes, long scratch) {
        for (long part = 0; part != BLOCK_BYTES; part += Lanes.BYTES) {
            ExpLanes.exp(scratch + PIECE_AT + part, x + part, max, factor, bytes, scratch);
        }
    }
}
