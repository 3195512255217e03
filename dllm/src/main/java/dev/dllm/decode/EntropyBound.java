package dev.dllm.decode;

import java.util.Locale;

/// Commits the longest run of masked positions, from the surest on, whose joint uncertainty stays within a bound: positions
/// that are decided together must not depend on each other, and their entropies bound how much they can. If these are too
/// few, the surest of the required number instead.
///
/// @param bound   in nats, 0 or more
/// @param sum     what is compared with it
/// @param atLeast required commits per call, 1 or more
/// @see "EB-Sampler, arXiv:2505.24857"
public record EntropyBound(float bound, Sum sum, int atLeast) implements Unmasking {

    /// How the entropies of a run add up.
    public enum Sum {
        /// All but the largest, at most the bound (EB-Sampler, RND1).
        OTHERS {
            @Override
            boolean within(double before, double entropy, double largest, float bound) {
                return (float) (before + entropy - largest) <= bound;
            }
        },
        /// Those of the surer ones, at most the bound: the last one of the run does not count, whatever it is (d2Cache). The
        /// same as [#OTHERS] where the surest have the least entropy.
        SURER {
            @Override
            boolean within(double before, double entropy, double largest, float bound) {
                return (float) before <= bound;
            }
        },
        /// All, below the bound (SDAR).
        ALL {
            @Override
            boolean within(double before, double entropy, double largest, float bound) {
                return (float) (before + entropy) < bound;
            }
        };

        abstract boolean within(double before, double entropy, double largest, float bound);

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public EntropyBound {
        if (!(bound >= 0) || !Float.isFinite(bound)) {
            throw new IllegalArgumentException("entropy bound " + bound + ": needs 0 or a positive number of nats");
        }
        if (atLeast < 1) {
            throw new IllegalArgumentException("at least " + atLeast + " commits per call: needs 1 or more");
        }
    }

    /// At least the surest.
    public EntropyBound(float bound, Sum sum) {
        this(bound, sum, 1);
    }

    @Override
    public State start() {
        return (step, edits) -> {
            Candidates candidates = step.candidates();
            double before = 0;
            double largest = 0;
            int accepted = 0;
            for (int i : candidates.ranking(step.canvas())) {
                double entropy = candidates.entropy(i);
                largest = Math.max(largest, entropy);
                if (accepted >= atLeast && !sum.within(before, entropy, largest, bound)) {
                    return;
                }
                candidates.commit(i, edits);
                before += entropy;
                accepted++;
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "entropy-bound:" + bound + (sum == Sum.OTHERS && atLeast == 1 ? "" : "," + sum) + (atLeast == 1 ? "" : "," + atLeast);
    }
}
