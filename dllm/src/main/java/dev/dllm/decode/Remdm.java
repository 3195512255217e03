package dev.dllm.decode;

import java.util.Arrays;
import java.util.Locale;

/// Fills a share of a span, then goes over it in rounds, each of which masks the least sure tokens again and fills as many
/// positions, the surest first, then fills the rest.
///
/// @param perCall  commits per call outside the rounds, 1 or more
/// @param remasked positions per round, 1 or more
/// @param share    of the span's masks that is filled before the first round, in [0, 1]
/// @param rounds   how many; 0 for as many as the span has masks
/// @param basis    what the least sure tokens are
/// @see "ReMDM, arXiv:2503.00307; guanghanwang/ReMDM-LLaDA; zhaoyMa/Saber, decoding.py"
public record Remdm(int perCall, int remasked, float share, int rounds, Basis basis) implements Unmasking {

    /// What the least sure tokens are.
    public enum Basis {
        /// Those committed with the least confidence. A round takes one call: tokens are masked at the end of the call before.
        COMMIT,
        /// Those that the model now finds least probable. A round takes two calls, the first of which only looks.
        NOW
    }

    public Remdm {
        if (perCall < 1 || remasked < 1 || rounds < 0) {
            throw new IllegalArgumentException(perCall + " commits per call and " + rounds + " rounds of " + remasked
                    + " positions: needs 1, 0 and 1 or more");
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share " + share + " before the first round: needs 0 to 1");
        }
    }

    @Override
    public State start() {
        return new Memory();
    }

    private final class Memory implements State {
        /// Confidence at the last commit; +∞ where there was none, or the token has been masked again since.
        private float[] committed = {};
        /// Whether the next call only looks.
        private boolean looks;

        @Override
        public boolean wants(Canvas canvas, Span span, int position) {
            return span.contains(position) && (canvas.isMasked(position) || looks && !canvas.isFixed(position));
        }

        @Override
        public void decide(Step step, Edits edits) {
            Canvas canvas = step.canvas();
            BlockProgress progress = step.progress();
            if (committed.length == 0) {
                committed = new float[canvas.length()];
                Arrays.fill(committed, Float.POSITIVE_INFINITY);
            }
            if (looks) {
                maskLeastProbable(step, edits);
            } else {
                fill(step, masksAgainAfter(progress), edits);
            }
            looks = basis == Basis.NOW && inRounds(progress, 1) && (progress.calls() + 1 - filling(progress)) % 2 == 0;
        }

        private void fill(Step step, boolean masksAgain, Edits edits) {
            Canvas canvas = step.canvas();
            Candidates candidates = step.candidates();
            int[] ranking = candidates.ranking(canvas);
            int[] chosen = Arrays.copyOf(ranking, Math.min(inRounds(step.progress(), 0) ? remasked : perCall, ranking.length));
            for (int i : chosen) {
                committed[candidates.position(i)] = candidates.confidence(i);
            }
            if (masksAgain) {
                Span span = step.progress().span();
                for (int position : Least.of(
                        span, p -> committed[p] < Float.POSITIVE_INFINITY, p -> committed[p], remasked)) {
                    committed[position] = Float.POSITIVE_INFINITY;
                    if (!canvas.isMasked(position)) {
                        edits.add(position, canvas.maskId());
                    }
                }
            }
            for (int i : chosen) {
                if (committed[candidates.position(i)] < Float.POSITIVE_INFINITY) {
                    candidates.commit(i, edits);
                }
            }
        }

        private void maskLeastProbable(Step step, Edits edits) {
            Canvas canvas = step.canvas();
            Candidates candidates = step.candidates();
            double[] probability = new double[canvas.length()];
            Arrays.fill(probability, Double.POSITIVE_INFINITY);
            for (int i = 0; i < candidates.size(); i++) {
                int position = candidates.position(i);
                if (!canvas.isMasked(position)) {
                    probability[position] = candidates.logits().probability(i, canvas.token(position));
                }
            }
            for (int position : Least.of(
                    step.progress().span(), p -> probability[p] < Double.POSITIVE_INFINITY, p -> probability[p], remasked)) {
                edits.add(position, canvas.maskId());
            }
        }

        @Override
        public boolean another(Pacing pacing, int masks, BlockProgress progress) {
            return progress.calls() < filling(progress) || inRounds(progress, 0) || pacing.another(masks, progress);
        }
    }

    /// Calls before the first round.
    private int filling(BlockProgress progress) {
        return (int) (progress.masksAtStart() * share / perCall);
    }

    /// Whether a call is part of a round.
    ///
    /// @param ahead of the call that is due
    private boolean inRounds(BlockProgress progress, int ahead) {
        int call = progress.calls() + ahead - filling(progress);
        int calls = (rounds == 0 ? progress.masksAtStart() : rounds) * (basis == Basis.NOW ? 2 : 1);
        return call >= 0 && call < calls;
    }

    private boolean masksAgainAfter(BlockProgress progress) {
        return basis == Basis.COMMIT && inRounds(progress, 1);
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "remdm:" + perCall + "," + remasked + "," + share + "," + rounds + "," + basis.name().toLowerCase(Locale.ROOT);
    }
}
