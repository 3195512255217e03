package dev.dllm.decode;

/// Commits in the middle of gaps: the surest position of every run of neighbouring masks if it is above a low threshold,
/// besides all above a high one and the surest of the span. Positions that are far apart depend on each other less, and
/// every commit halves a gap.
///
/// @param threshold    confidence above which a mask is committed wherever it stands
/// @param lowThreshold confidence above which the surest of a run is
/// @see "inclusionAI/dInfer, decoding/parallel_strategy.py (hierarchical decoder); Hierarchical decoding, arXiv:2510.08666"
public record Hierarchical(float threshold, float lowThreshold) implements Unmasking {

    public Hierarchical {
        if (!Float.isFinite(threshold) || !(lowThreshold <= threshold) || !Float.isFinite(lowThreshold)) {
            throw new IllegalArgumentException(
                    "thresholds " + threshold + " and " + lowThreshold + ": need two numbers, the first not below the second");
        }
    }

    @Override
    public State start() {
        return (step, edits) -> {
            Canvas canvas = step.canvas();
            Candidates candidates = step.candidates();
            int[] ranking = candidates.ranking(canvas);
            for (int rank = 0; rank < ranking.length; rank++) {
                int i = ranking[rank];
                float sure = candidates.confidence(i);
                if (rank == 0 || sure > threshold || sure > lowThreshold && leads(canvas, candidates, ranking, rank)) {
                    candidates.commit(i, edits);
                }
            }
        };
    }

    /// Whether no surer entry stands in the same run of masks.
    private static boolean leads(Canvas canvas, Candidates candidates, int[] ranking, int rank) {
        for (int surer = 0; surer < rank; surer++) {
            if (joined(canvas, candidates.position(ranking[surer]), candidates.position(ranking[rank]))) {
                return false;
            }
        }
        return true;
    }

    private static boolean joined(Canvas canvas, int one, int other) {
        for (int position = Math.min(one, other); position < Math.max(one, other); position++) {
            if (!canvas.isMasked(position)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "hierarchical:" + threshold + "," + lowThreshold;
    }
}
