package dev.dllm.decode;

/// An even schedule whose budget a threshold may refuse: of the call's budget of surest masked positions the first is
/// committed in any case and the others only if they reach the threshold; what was refused is added to the next call's
/// budget. Calls go on past the steps until nothing is refused.
///
/// @param threshold confidence that is enough
/// @see "HKUNLP/Dream, generation_utils.py (alg confidence_threshold)"
public record BudgetedThreshold(float threshold) implements Unmasking {

    public BudgetedThreshold {
        if (!Float.isFinite(threshold)) {
            throw new IllegalArgumentException("confidence threshold " + threshold + ": needs a number");
        }
    }

    @Override
    public State start() {
        return new State() {
            private int refused;

            @Override
            public void decide(Step step, Edits edits) {
                BlockProgress progress = step.progress();
                int share = progress.calls() < progress.steps() ? progress.evenShare(progress.masksAtStart()) : 0;
                int[] ranking = step.candidates().ranking(step.canvas());
                int budget = Math.min(share + refused, ranking.length);
                refused = 0;
                for (int rank = 0; rank < budget; rank++) {
                    if (rank == 0 || step.candidates().confidence(ranking[rank]) >= threshold) {
                        step.candidates().commit(ranking[rank], edits);
                    } else {
                        refused++;
                    }
                }
            }

            @Override
            public boolean another(Pacing pacing, int masks, BlockProgress progress) {
                return pacing.another(masks, progress) || refused > 0;
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return "budgeted-threshold:" + threshold;
    }
}
