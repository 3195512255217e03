package dev.dllm.decode;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/// Wide in, narrow out: commits every mask above a low threshold, and masks again what the model doubts once it does not see
/// the token itself.
///
/// A call commits the masks above `accept`, at least the surest and at most 0.7 of those left (but 5 at least and 20 at most).
/// A call that commits more than one also judges the tokens that earlier calls wrote into the span, by a mask in the place of
/// each ([Copies.Shadow]): those whose probability is below `keep` become masks again, the most doubtful first and fewer than
/// the call before had committed.
///
/// So a call may take back more than it wrote, and in the authors' code a span may go round for ever. Here tokens are taken
/// back in the first calls only, as many as the span has steps.
///
/// @param accept confidence above which a mask is committed
/// @param keep   probability below which a token is masked again; 0 never does
/// @see "WINO, arXiv:2507.18578"
public record Wino(float accept, float keep) implements Unmasking {
    /// Stands for the call before a span's first one.
    private static final int BEFORE_FIRST = 30;

    public Wino {
        if (!Float.isFinite(accept) || !Float.isFinite(keep)) {
            throw new IllegalArgumentException("thresholds " + accept + " and " + keep + ": need two numbers");
        }
    }

    @Override
    public void requireFits(DecodeSettings settings, boolean shifted) {
        if (shifted) {
            throw new IllegalArgumentException("unmasking rule '" + this + "' judges a token by the row of its position, which "
                    + "predicts the next position in this model; accepted here: models whose rows predict their own position");
        }
        if (settings.cache().decidesByLayer()) {
            throw new IllegalArgumentException("unmasking rule '" + this + "' adds rows to a call, which cache '" + settings.cache()
                    + "' knows nothing of: it decides layer by layer; accepted here: caches that plan whole calls");
        }
        if (!settings.hooks().isEmpty() || settings.smoothing().isPresent() || settings.guidanceInterval() > 1) {
            throw new IllegalArgumentException("unmasking rule '" + this + "' judges tokens by rows that logit hooks, smoothing and "
                    + "guidance intervals do not change; accepted here: none of them");
        }
    }

    @Override
    public int copiedRows(int planned, int span) {
        return span;
    }

    @Override
    public State start() {
        return new State() {
            private int lastCommitted;

            @Override
            public Optional<Copies> copies(Canvas canvas, Span span) {
                int[] judged = IntStream.range(span.start(), span.end())
                        .filter(position -> !canvas.isMasked(position) && !canvas.isFixed(position))
                        .toArray();
                return keep <= 0 || judged.length == 0 ? Optional.empty() : Optional.of(new Copies.Shadow(span, judged));
            }

            @Override
            public void decide(Step step, Edits edits) {
                if (step.progress().begins()) {
                    lastCommitted = BEFORE_FIRST;
                }
                Canvas canvas = step.canvas();
                Candidates candidates = step.candidates();
                int most = Math.clamp((int) (0.7 * canvas.masks(step.progress().span())), 5, 20);
                int[] above = candidates.ranking(
                        i -> canvas.isMasked(candidates.position(i)) && candidates.confidence(i) > accept);
                candidates.commitBest(canvas, Math.clamp(above.length, 1, most), edits);
                int committed = edits.size();
                if (committed > 1 && !step.copies().isEmpty() && step.progress().calls() < step.progress().steps()) {
                    takeBack(step.copies().getFirst(), canvas.maskId(), edits);
                }
                lastCommitted = committed;
            }

            private void takeBack(Candidates judged, int maskId, Edits edits) {
                int[] doubtful = IntStream.range(0, judged.size())
                        .filter(i -> judged.probability(i) < keep)
                        .boxed()
                        .sorted((a, b) -> Float.compare(judged.probability(a), judged.probability(b)))
                        .mapToInt(i -> i)
                        .toArray();
                int count = doubtful.length >= lastCommitted ? lastCommitted - 1 : doubtful.length;
                Arrays.stream(doubtful, 0, count).forEach(i -> edits.add(judged.position(i), maskId));
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "wino:" + accept + "," + keep;
    }
}
