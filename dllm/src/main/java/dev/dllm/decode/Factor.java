package dev.dllm.decode;

import java.util.Locale;

/// Commits the longest run of masked positions, from the surest on, that are the surer the longer the run is: the n-th of
/// them needs a confidence of at least 1 − factor / (n + 1). If these are too few, the surest of the required number instead.
///
/// @param factor  above 0; the larger, the more are committed together
/// @param atLeast required commits per call, 1 or more
/// @param last    how the least sure of all masks is treated
/// @see "Fast-dLLM, arXiv:2505.22618, section 3.3; NVlabs/Fast-dLLM, llada/generate.py (get_transfer_index_dynamic);
///       Kamichanw/d2Cache, generation/vanilla.py"
public record Factor(float factor, int atLeast, Last last) implements Unmasking {

    /// How the least sure of all masks is treated when all others are committed.
    public enum Last {
        /// As every other.
        JUDGED,
        /// It is committed, too, as Fast-dLLM's code does. For comparison only.
        GIVEN,
        /// It is left for the next call, as d2Cache's code does. For comparison only.
        REFUSED
    }

    public Factor {
        if (!(factor > 0) || !Float.isFinite(factor)) {
            throw new IllegalArgumentException("factor " + factor + ": needs a positive number");
        }
        if (atLeast < 1) {
            throw new IllegalArgumentException("at least " + atLeast + " commits per call: needs 1 or more");
        }
    }

    /// At least the surest.
    public Factor(float factor) {
        this(factor, 1, Last.JUDGED);
    }

    @Override
    public State start() {
        return (step, edits) -> {
            Candidates candidates = step.candidates();
            int[] ranking = candidates.ranking(step.canvas());
            int accepted = Math.min(atLeast, ranking.length);
            while (accepted < ranking.length && passes(accepted + 1, ranking.length, candidates.confidence(ranking[accepted]))) {
                accepted++;
            }
            for (int rank = 0; rank < accepted; rank++) {
                candidates.commit(ranking[rank], edits);
            }
        };
    }

    /// @param rank from 1
    private boolean passes(int rank, int ranks, float confidence) {
        return rank == ranks && last != Last.JUDGED
                ? last == Last.GIVEN
                : confidence >= 1 - (double) factor / (rank + 1);
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "factor:" + factor
                + (atLeast == 1 && last == Last.JUDGED ? "" : "," + atLeast)
                + (last == Last.JUDGED ? "" : "," + last.name().toLowerCase(Locale.ROOT));
    }
}
