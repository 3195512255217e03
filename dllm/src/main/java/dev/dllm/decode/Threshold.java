package dev.dllm.decode;

/// Commits every proposal whose confidence is above the threshold; if these are fewer than the call's share of the block (its
/// length, not its masks, spread evenly over the steps), the most confident of that number instead. The comparison is strict.
///
/// @param threshold above 1 commits the share alone, below 0 everything at once
/// @see "inclusionAI/LLaDA2.0, modeling_llada2_moe.py (generate); arXiv:2512.15745"
public record Threshold(float threshold) implements Unmasking {

    public Threshold {
        if (!Float.isFinite(threshold)) {
            throw new IllegalArgumentException("confidence threshold " + threshold + ": needs a number");
        }
    }

    @Override
    public State start() {
        return new State() {
            @Override
            public boolean wants(Canvas canvas, int position) {
                return canvas.isMasked(position);
            }

            @Override
            public void decide(Canvas canvas, Candidates candidates, BlockProgress progress, Edits edits) {
                candidates.commitAbove(canvas, threshold, progress.evenShare(progress.blockLength()), edits);
            }
        };
    }

    @Override
    public Pacing pacing(int steps) {
        return new Pacing.UpTo(steps);
    }

    @Override
    public String toString() {
        return "threshold:" + threshold;
    }
}
