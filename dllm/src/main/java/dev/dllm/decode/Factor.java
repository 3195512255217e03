package dev.dllm.decode;

/// Commits the longest run of masked positions, from the surest on, that are the surer the longer the run is: the n-th of
/// them needs a confidence of at least 1 − factor / (n + 1). The surest one is committed in any case.
///
/// @param factor      above 0; the larger, the more are committed together
/// @param forgiveLast commit the last of all masks also where it alone fails, as Fast-dLLM's code does. For comparison only
/// @see "Fast-dLLM, arXiv:2505.22618, section 3.3; NVlabs/Fast-dLLM, llada/generate.py (get_transfer_index_dynamic)"
public record Factor(float factor, boolean forgiveLast) implements Unmasking {

    public Factor {
        if (!(factor > 0) || !Float.isFinite(factor)) {
            throw new IllegalArgumentException("factor " + factor + ": needs a positive number");
        }
    }

    public Factor(float factor) {
        this(factor, false);
    }

    @Override
    public State start() {
        return (step, edits) -> {
            Candidates candidates = step.candidates();
            int[] ranking = candidates.ranking(step.canvas());
            int accepted = Math.min(1, ranking.length);
            while (accepted < ranking.length
                    && candidates.confidence(ranking[accepted]) >= 1 - (double) factor / (accepted + 2)) {
                accepted++;
            }
            if (forgiveLast && accepted == ranking.length - 1) {
                accepted = ranking.length;
            }
            for (int rank = 0; rank < accepted; rank++) {
                candidates.commit(ranking[rank], edits);
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "factor:" + factor + (forgiveLast ? ",forgive-last" : "");
    }
}
