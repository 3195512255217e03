package dev.dllm.decode;

/// Commits every masked position whose confidence reaches a threshold; when none does, the threshold gives way to the
/// surest, and whatever is as sure but for `slack` goes with it. A position whose proposal is the mask token takes no part.
///
/// @param threshold confidence that is enough
/// @param slack     by how much a confidence may fall short of the surest one, 0 or more
/// @param fall      if above 0, the threshold is 1 at the run's first call and falls by this much per call until it is
///                  `threshold`
/// @see "inclusionAI/dInfer, decoding/parallel_strategy.py (threshold decoder)"
public record RelaxedThreshold(float threshold, float slack, float fall) implements Unmasking {
    /// dInfer's.
    static final float DEFAULT_SLACK = 1e-5f;

    public RelaxedThreshold {
        if (!Float.isFinite(threshold) || !(slack >= 0) || !Float.isFinite(slack) || !(fall >= 0) || !Float.isFinite(fall)) {
            throw new IllegalArgumentException("threshold " + threshold + " with slack " + slack + " and a fall of " + fall
                    + ": needs a number, and twice 0 or a positive number");
        }
    }

    /// With dInfer's slack.
    public RelaxedThreshold(float threshold) {
        this(threshold, DEFAULT_SLACK, 0);
    }

    /// The same rule with a threshold that falls from 1.
    public RelaxedThreshold withFall(float fall) {
        return new RelaxedThreshold(threshold, slack, fall);
    }

    private float threshold(int call) {
        return fall > 0 ? Math.max(1 - call * fall, threshold) : threshold;
    }

    @Override
    public State start() {
        return (step, edits) -> {
            Canvas canvas = step.canvas();
            Candidates candidates = step.candidates();
            float now = threshold(step.call());
            int[] ranking = candidates.ranking(
                    i -> canvas.isMasked(candidates.position(i)) && candidates.token(i) != canvas.maskId());
            for (int i : ranking) {
                if (candidates.confidence(i) >= Math.min(now, candidates.confidence(ranking[0]) - slack)) {
                    candidates.commit(i, edits);
                }
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "relaxed-threshold:" + threshold + (slack == DEFAULT_SLACK && fall == 0 ? "" : "," + slack) + (fall == 0 ? "" : "," + fall);
    }
}
