package dev.dllm.decode;

import java.util.Locale;

/// Commits the longest run of masked positions, from the surest on, whose joint uncertainty stays within a bound: positions
/// that are decided together must not depend on each other, and their entropies bound how much they can. The surest one is
/// committed in any case.
///
/// @param bound in nats, 0 or more
/// @param sum   what is compared with it
/// @see "EB-Sampler, arXiv:2505.24857"
public record EntropyBound(float bound, Sum sum) implements Unmasking {

    /// How the entropies of a run add up.
    public enum Sum {
        /// All but the largest, at most the bound (EB-Sampler, RND1).
        OTHERS {
            @Override
            boolean within(double total, double largest, float bound) {
                return (float) (total - largest) <= bound;
            }
        },
        /// All, below the bound (SDAR).
        ALL {
            @Override
            boolean within(double total, double largest, float bound) {
                return (float) total < bound;
            }
        };

        abstract boolean within(double total, double largest, float bound);

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public EntropyBound {
        if (!(bound >= 0) || !Float.isFinite(bound)) {
            throw new IllegalArgumentException("entropy bound " + bound + ": needs 0 or a positive number of nats");
        }
    }

    @Override
    public State start() {
        return (step, edits) -> {
            Candidates candidates = step.candidates();
            double total = 0;
            double largest = 0;
            boolean first = true;
            for (int i : candidates.ranking(step.canvas())) {
                total += candidates.entropy(i);
                largest = Math.max(largest, candidates.entropy(i));
                if (!first && !sum.within(total, largest, bound)) {
                    return;
                }
                candidates.commit(i, edits);
                first = false;
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "entropy-bound:" + bound + (sum == Sum.OTHERS ? "" : "," + sum);
    }
}
