package dev.dllm.decode;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/// Ends a run once the model is sure of the part that matters: where the logits of the two best tokens are far enough apart on
/// average.
///
/// @param region    the part that matters
/// @param statistic what becomes of the margins of its positions
/// @param masksOnly whether only masks count, not committed positions
/// @param limit     how large the statistic must be
/// @param stability what the proposals must have shown before; empty if a large margin is enough
/// @see "Prophet, arXiv:2508.19982, pixeli99/Prophet; SchED, arXiv:2512.02892, amr-mohamedd/SchED"
public record MarginExit(
        Region region, Statistic statistic, boolean masksOnly, ExitLimit limit, Optional<Stability> stability)
        implements ExitRule {

    /// Positions, counted from the end of the prompt and cut to the canvas.
    ///
    /// @param from first of them
    /// @param to   behind the last of them
    public record Region(int from, int to) {
        /// Everything behind the prompt.
        public static final Region GENERATED = new Region(0, DecodeSettings.WHOLE);
        /// The whole canvas, the prompt included.
        public static final Region CANVAS = new Region(-DecodeSettings.WHOLE, DecodeSettings.WHOLE);

        public Region {
            if (from >= to) {
                throw new IllegalArgumentException("region from %d to %d: needs at least one position".formatted(from, to));
            }
        }

        Span of(Canvas canvas) {
            int start = Math.clamp((long) canvas.promptLength() + from, 0, canvas.length());
            return new Span(start, Math.clamp((long) canvas.promptLength() + to, start, canvas.length()));
        }
    }

    /// One number for the margins of a region.
    public sealed interface Statistic {
        /// @param sorted ascending, at least one
        double of(double[] sorted);

        /// Their mean.
        record Mean() implements Statistic {
            @Override
            public double of(double[] sorted) {
                return Arrays.stream(sorted).sum() / sorted.length;
            }
        }

        /// The one in the middle, the lower one of two.
        record Median() implements Statistic {
            @Override
            public double of(double[] sorted) {
                return sorted[(sorted.length - 1) / 2];
            }
        }

        /// The one below which a share lies, linear between two.
        ///
        /// @param share in [0, 1]; 0 for the smallest
        record Quantile(double share) implements Statistic {
            public Quantile {
                if (!(share >= 0 && share <= 1)) {
                    throw new IllegalArgumentException("quantile " + share + ": needs a number from 0 to 1");
                }
            }

            @Override
            public double of(double[] sorted) {
                double at = share * (sorted.length - 1);
                int below = (int) at;
                double above = sorted[Math.min(below + 1, sorted.length - 1)];
                return sorted[below] + (at - below) * (above - sorted[below]);
            }
        }
    }

    /// Proposals that stay as they are from call to call. A run also ends once its region is free of masks.
    ///
    /// @param minProgress share of the region that must be free of masks
    /// @param maxChange   share of the region's masks whose proposal may differ from the call before
    /// @param patience    calls in a row that must have met both before this one; the first call of a run counts as changed
    public record Stability(float minProgress, float maxChange, int patience) {}

    /// Prophet: three limits, the mean over the region whether masked or not.
    public static MarginExit prophet(Region region, ExitLimit.Stages limit) {
        return new MarginExit(region, new Statistic.Mean(), false, limit, Optional.empty());
    }

    /// SchED: a falling limit, the mean over the region's masks, no proposal may have changed.
    public static MarginExit sched(Region region, ExitLimit limit) {
        return new MarginExit(region, new Statistic.Mean(), true, limit, Optional.of(new Stability(0, 0, 0)));
    }

    @Override
    public State start(int calls) {
        return new Watch(calls);
    }

    private final class Watch implements State {
        private final int calls;
        private int patience;
        private int[] lastProposals = {};

        Watch(int calls) {
            this.calls = calls;
        }

        @Override
        public boolean wants(Canvas canvas, int position) {
            return !masksOnly && region.of(canvas).contains(position);
        }

        @Override
        public boolean exits(Step step) {
            Canvas canvas = step.canvas();
            Candidates candidates = step.candidates();
            Span span = region.of(canvas);
            int masks = canvas.masks(span);
            boolean stable = stability.isEmpty() || isStable(stability.get(), step, span, masks);
            if (masks == 0 && stability.isPresent()) {
                return span.length() > 0;
            }
            double[] margins = IntStream.range(0, candidates.size())
                    .filter(i -> span.contains(candidates.position(i)))
                    .filter(i -> !masksOnly || canvas.isMasked(candidates.position(i)))
                    .mapToDouble(candidates::logitMargin)
                    .sorted()
                    .toArray();
            boolean complete = margins.length > 0 && margins.length == (masksOnly ? masks : span.length());
            return complete && stable && statistic.of(margins) >= limit.at(step.call(), calls);
        }

        /// Counts the call among those that met the conditions, and says whether they are enough.
        private boolean isStable(Stability wanted, Step step, Span span, int masks) {
            Canvas canvas = step.canvas();
            Candidates candidates = step.candidates();
            boolean comparable = lastProposals.length == canvas.length();
            int[] proposals = comparable ? lastProposals : new int[canvas.length()];
            int changed = 0;
            for (int i = 0; i < candidates.size(); i++) {
                int position = candidates.position(i);
                if (span.contains(position) && canvas.isMasked(position)) {
                    changed += proposals[position] == candidates.token(i) ? 0 : 1;
                    proposals[position] = candidates.token(i);
                }
            }
            lastProposals = proposals;
            float change = comparable ? (float) changed / Math.max(1, masks) : 1;
            float progress = 1 - (float) masks / Math.max(1, span.length());
            boolean enough = progress >= wanted.minProgress;
            patience = enough && change <= wanted.maxChange ? patience + 1 : 0;
            return enough && patience > wanted.patience;
        }
    }

    /// The rule as [ExitRules#parse] reads it, as far as it can be written there.
    @Override
    public String toString() {
        String where = region.equals(Region.GENERATED) ? "" : "," + region.from + "," + region.to;
        return (stability.isPresent() ? "sched:" : "prophet:") + limit + where;
    }
}
