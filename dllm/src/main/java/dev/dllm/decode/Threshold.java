package dev.dllm.decode;

/// Commits every masked position whose confidence is above a threshold; if these are too few, the surest of the required
/// number instead.
///
/// With entropy as confidence the threshold is a negative number of nats: −0.5 commits whatever has an entropy below 0.5
/// (dParallel).
///
/// @param threshold above every confidence commits the required number alone, below every one all at once
/// @param atLeast   required commits per call; 0 for the call's share of the span (its length, not its masks, spread evenly
///                  over the steps)
/// @param inclusive whether a confidence equal to the threshold is enough
/// @see "inclusionAI/LLaDA2.0, modeling_llada2_moe.py (generate); arXiv:2512.15745; Fast-dLLM, arXiv:2505.22618; dParallel,
///      arXiv:2509.26488"
public record Threshold(float threshold, int atLeast, boolean inclusive) implements Unmasking {

    public Threshold {
        if (!Float.isFinite(threshold)) {
            throw new IllegalArgumentException("confidence threshold " + threshold + ": needs a number");
        }
        if (atLeast < 0) {
            throw new IllegalArgumentException("at least " + atLeast + " commits per call: needs 0 or more");
        }
    }

    /// LLaDA2.0's: strictly above, at least the share.
    public Threshold(float threshold) {
        this(threshold, 0, false);
    }

    /// The same rule with another threshold.
    public Threshold withThreshold(float threshold) {
        return new Threshold(threshold, atLeast, inclusive);
    }

    @Override
    public State start() {
        return (step, edits) -> {
            BlockProgress progress = step.progress();
            int required = atLeast > 0 ? atLeast : progress.evenShare(progress.span().length());
            step.candidates().commitAbove(step.canvas(), threshold, inclusive, required, edits);
        };
    }

    @Override
    public Pacing pacing() {
        return atLeast > 0 ? new Pacing.UntilFull(0) : new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return "threshold:" + threshold + (atLeast > 0 || inclusive ? "," + atLeast : "") + (inclusive ? ",inclusive" : "");
    }
}
