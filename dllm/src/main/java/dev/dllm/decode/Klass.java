package dev.dllm.decode;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Commits the masked positions whose distributions have settled: over the last calls each one hardly differed from the one
/// before, and its proposal is sure enough. If there are none, the surest of the required number instead.
///
/// The difference is the Kullback–Leibler divergence of a distribution from its predecessor, of which the first has none and
/// therefore differs by about 27 nats. All masks of the canvas are followed from the first call on, in later blocks as well; a
/// call that does not compute a position leaves what is remembered of it. That takes a row of the vocabulary per mask.
///
/// @param threshold  confidence that is enough
/// @param divergence in nats, below which a distribution has not changed, above 0
/// @param history    calls that it must have been like that, 1 or more
/// @param atLeast    required commits of a call without settled positions; 0 for the call's share of the span (its length
///                   spread evenly over the steps)
/// @param delay      calls of each span before positions can count as settled, 0 or more
/// @param pick       which settled positions are committed
/// @see "KLASS, arXiv:2511.05664; Kamichanw/d2Cache, generation/klass.py"
public record Klass(float threshold, float divergence, int history, int atLeast, int delay, Pick pick) implements Unmasking {

    /// Which settled positions are committed.
    public enum Pick {
        ALL,
        /// The one with the greatest confidence.
        SUREST,
        /// The one whose last distribution differed least from the one before.
        STEADIEST
    }

    public Klass {
        if (!Float.isFinite(threshold)) {
            throw new IllegalArgumentException("confidence threshold " + threshold + ": needs a number");
        }
        if (!(divergence > 0) || !Float.isFinite(divergence)) {
            throw new IllegalArgumentException("divergence " + divergence + ": needs a positive number of nats");
        }
        if (history < 1 || atLeast < 0 || delay < 0) {
            throw new IllegalArgumentException("a history of " + history + " calls, at least " + atLeast
                    + " commits and a delay of " + delay + " calls: needs 1, 0 and 0 or more");
        }
    }

    @Override
    public boolean looksBeyondSpan() {
        return true;
    }

    @Override
    public State start() {
        return new State() {
            private @Nullable Divergences divergences;

            @Override
            public boolean wants(Canvas canvas, Span span, int position) {
                return canvas.isMasked(position);
            }

            @Override
            public void decide(Step step, Edits edits) {
                Candidates candidates = step.candidates();
                if (divergences == null) {
                    divergences = new Divergences(step.canvas().length(), history);
                }
                for (int i = 0; i < candidates.size(); i++) {
                    divergences.add(candidates.position(i), candidates.logits().row(i));
                }
                for (int i : chosen(step, divergences)) {
                    candidates.commit(i, edits);
                    divergences.forget(candidates.position(i));
                }
            }
        };
    }

    private int[] chosen(Step step, Divergences divergences) {
        Candidates candidates = step.candidates();
        BlockProgress progress = step.progress();
        IntPredicate eligible = i -> progress.span().contains(candidates.position(i));
        int[] settled = progress.calls() < delay
                ? new int[0]
                : candidates.ranking(i -> eligible.test(i)
                        && candidates.confidence(i) >= threshold
                        && divergences.allBelow(candidates.position(i), divergence));
        if (settled.length == 0) {
            int required = atLeast > 0 ? atLeast : progress.evenShare(progress.span().length());
            int[] ranking = candidates.ranking(eligible);
            return Arrays.copyOf(ranking, Math.min(required, ranking.length));
        }
        return switch (pick) {
            case ALL -> settled;
            case SUREST -> new int[] {settled[0]};
            case STEADIEST -> new int[] {steadiest(settled, candidates, divergences)};
        };
    }

    /// The lowest position wins ties.
    private static int steadiest(int[] settled, Candidates candidates, Divergences divergences) {
        int best = -1;
        for (int i : IntStream.of(settled).sorted().toArray()) {
            if (best < 0 || divergences.newest(candidates.position(i)) < divergences.newest(candidates.position(best))) {
                best = i;
            }
        }
        return best;
    }

    @Override
    public Pacing pacing() {
        return atLeast > 0 ? new Pacing.UntilFull(0) : new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return "klass:" + threshold + "," + divergence + "," + history + "," + atLeast + "," + delay + ","
                + pick.name().toLowerCase(Locale.ROOT);
    }
}
