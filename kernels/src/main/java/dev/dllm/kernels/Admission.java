package dev.dllm.kernels;

import static dev.dllm.kernels.tier.Native.f32;
import static dev.dllm.kernels.tier.Native.f64;
import static dev.dllm.kernels.tier.Native.i32;

import dev.dllm.runtime.Indices;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Which experts each routing block of a `route` admits; a block is a chunk.
///
/// Its results lie in the shared scratch memory until the op ends.
final class Admission implements Workers.Body {
    private final Engine engine;
    private final View logits;
    private final View bias;
    private @Nullable RouterSpec spec;
    private @Nullable Indices blocks;
    private int rows;
    private int experts;

    /// `[blocks][experts]` float64, NaN for those that are admitted.
    private long left;
    /// `[rows]` int32, the block of each row.
    private long blockOfRow;

    /// @param logits of the op that is running
    /// @param bias   of the op that is running
    Admission(Engine engine, View logits, View bias) {
        this.engine = engine;
        this.logits = logits;
        this.bias = bias;
    }

    /// Shared scratch memory that the results need.
    static long sharedBytes(int rows, int experts, int blocks) {
        return (long) blocks * experts * Double.BYTES + (long) rows * Integer.BYTES;
    }

    /// Decides for all blocks. The scratch memory has been reserved: [#sharedBytes], and a float64 per expert for each worker.
    void admit(int rows, int experts, RouterSpec spec, Indices blocks) {
        this.rows = rows;
        this.experts = experts;
        this.spec = spec;
        this.blocks = blocks;
        left = engine.scratch().shared();
        blockOfRow = left + (long) blocks.length() * experts * Double.BYTES;
        engine.workers().parallelFor(blocks.length(), this);
    }

    @Override
    public void run(int block, int worker) {
        Indices blocks = Objects.requireNonNull(this.blocks);
        RouterSpec spec = Objects.requireNonNull(this.spec);
        int first = blocks.get(block);
        int end = block + 1 < blocks.length() ? blocks.get(block + 1) : rows;
        for (int row = first; row < end; row++) {
            i32(blockOfRow + row * 4L, block);
        }
        long largest = ofBlock(block);
        largestScores(largest, first, end, engine.scratch().worker(worker), spec.scoring());
        boolean broken = RouterScores.addBias(largest, largest, bias, experts);
        if (broken) {
            // The bias holds a NaN, so no row chooses.
            return;
        }
        for (int admitted = 0; admitted < Math.min(spec.capacity(), experts); admitted++) {
            RouterScores.takeLargest(largest, experts);
        }
    }

    /// Takes the experts that the row's block does not admit out of its choice.
    void keepAdmitted(int row, long choice) {
        long left = ofBlock(i32(blockOfRow + row * 4L));
        for (int e = 0; e < experts; e++) {
            if (!Double.isNaN(f64(left + e * 8L))) {
                f64(choice + e * 8L, Double.NaN);
            }
        }
    }

    private long ofBlock(int block) {
        return left + (long) block * experts * Double.BYTES;
    }

    /// The largest score of each expert over rows without a NaN. The sigmoid never falls, so that of the largest logit is the
    /// largest; a softmax has to be taken row by row.
    private void largestScores(long largest, int first, int end, long row, Scoring scoring) {
        for (int e = 0; e < experts; e++) {
            f64(largest + e * 8L, Double.NEGATIVE_INFINITY);
        }
        for (int i = first; i < end; i++) {
            switch (scoring) {
                case SIGMOID -> widen(logits.row(i), row);
                case SOFTMAX -> RouterScores.softmax(logits.row(i), row, experts);
            }
            raise(largest, row);
        }
        if (scoring == Scoring.SIGMOID) {
            for (int e = 0; e < experts; e++) {
                f64(largest + e * 8L, RouterScores.sigmoid(f64(largest + e * 8L)));
            }
        }
    }

    private void widen(long logits, long row) {
        for (int e = 0; e < experts; e++) {
            f64(row + e * 8L, f32(logits + e * 4L));
        }
    }

    private void raise(long largest, long row) {
        for (int e = 0; e < experts; e++) {
            if (Double.isNaN(f64(row + e * 8L))) {
                return;
            }
        }
        for (int e = 0; e < experts; e++) {
            f64(largest + e * 8L, Math.max(f64(largest + e * 8L), f64(row + e * 8L)));
        }
    }
}
