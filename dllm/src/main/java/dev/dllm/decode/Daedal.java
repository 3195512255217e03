package dev.dllm.decode;

import dev.dllm.model.ModelSpec;
import java.util.OptionalInt;

/// Finds the length of the text by itself. First the canvas of masks grows until the model is sure enough that the text ends
/// in it, a call for each length tried; then it is denoised block by block, and where the model is least sure a mask becomes
/// several. A call commits the masks of the block above a threshold, at least one.
///
/// The canvas starts with the generation length. It grows at the end of its last hole; text that was given never changes.
///
/// @param maxGenLength        positions behind the prompt that the canvas may grow to
/// @param threshold           confidence above which a mask is committed
/// @param expandBelow         confidence below which a mask may become several; negative for never
/// @param expansion           masks that it becomes, and masks by which the first guess grows, 1 or more
/// @param eosConfidence       how sure of its end a text must be before it is denoised
/// @param expandEosConfidence how sure of its end a text must be to grow no more
/// @param eosCheck            positions that count for that: from the end, the probability of an EOS where it is the most
///                            probable token, summed and divided by this number; half as many EOS are put behind the guess
/// @param eosId               the token that ends a text; without it that of the model
/// @see "DAEDAL, arXiv:2508.00819; Li-Jinsong/DAEDAL, models/LLaDA_DAEDAL.py"
public record Daedal(
        int maxGenLength,
        float threshold,
        float expandBelow,
        int expansion,
        float eosConfidence,
        float expandEosConfidence,
        int eosCheck,
        OptionalInt eosId) implements Unmasking {

    public Daedal {
        if (maxGenLength < 1 || maxGenLength > DecodeSettings.WHOLE) {
            throw new IllegalArgumentException("growth to %d positions: needs 1 to %d".formatted(maxGenLength, DecodeSettings.WHOLE));
        }
        if (expansion < 1 || eosCheck < 1) {
            throw new IllegalArgumentException("expansion to %d masks, %d positions checked for an EOS: needs 1 or more each"
                    .formatted(expansion, eosCheck));
        }
        if (Float.isNaN(threshold) || Float.isNaN(expandBelow) || Float.isNaN(eosConfidence) || Float.isNaN(expandEosConfidence)) {
            throw new IllegalArgumentException("thresholds of 'daedal': need numbers");
        }
    }

    /// The authors' settings.
    public Daedal(int maxGenLength) {
        this(maxGenLength, 0.9f, 0.1f);
    }

    /// The authors' settings with other thresholds.
    public Daedal(int maxGenLength, float threshold, float expandBelow) {
        this(maxGenLength, threshold, expandBelow, 8, 0.5f, 0.9f, 32, OptionalInt.empty());
    }

    @Override
    public Daedal forModel(ModelSpec model) {
        if (eosId.isEmpty() && model.eosIds().length == 0) {
            throw new IllegalArgumentException("rule 'daedal' needs a model whose files name an EOS token; these do not");
        }
        return new Daedal(
                maxGenLength, threshold, expandBelow, expansion, eosConfidence, expandEosConfidence, eosCheck,
                eosId.isPresent() ? eosId : OptionalInt.of(model.eosIds()[0]));
    }

    @Override
    public int longest(int genLength) {
        return Math.max(genLength, maxGenLength);
    }

    @Override
    public boolean writesProposalsOnly() {
        return false;
    }

    @Override
    public boolean looksBeyondSpan() {
        return true;
    }

    @Override
    public State start() {
        return new Run(eosId.orElseThrow());
    }

    private final class Run implements State {
        private final int eos;
        private boolean guessing = true;
        private boolean mayGrow = true;

        Run(int eos) {
            this.eos = eos;
        }

        @Override
        public boolean wants(Canvas canvas, Span span, int position) {
            return mayGrow ? !canvas.isFixed(position) : State.super.wants(canvas, span, position);
        }

        @Override
        public boolean another(Pacing pacing, int masks, BlockProgress progress) {
            return guessing || pacing.another(masks, progress);
        }

        @Override
        public void decide(Step step, Edits edits) {
            Canvas canvas = step.canvas();
            int end = canvas.openEnd();
            int length = end - canvas.promptLength();
            if (guessing) {
                guess(step, end, length, edits);
                return;
            }
            Candidates candidates = step.candidates();
            Span span = step.progress().span();
            int[] masks = candidates.ranking(i ->
                    span.contains(candidates.position(i)) && canvas.isMasked(candidates.position(i)));
            boolean any = false;
            for (int i : masks) {
                if (candidates.confidence(i) > threshold && candidates.token(i) != canvas.maskId()) {
                    candidates.commit(i, edits);
                    any = true;
                }
            }
            if (!any) {
                commitOne(candidates, masks, canvas.maskId(), edits);
            }
            if (mayGrow && masks.length > 0 && eosConfidence(step) < expandEosConfidence) {
                int least = leastSure(candidates, masks, edits);
                if (least >= 0) {
                    expand(canvas, least, end, edits);
                }
            }
        }

        /// Lengthens the canvas by masks, or ends the guessing and puts EOS behind them.
        private void guess(Step step, int end, int length, Edits edits) {
            boolean longer = eosConfidence(step) < eosConfidence && length < maxGenLength;
            guessing = longer;
            int wanted = longer ? expansion : eosCheck / 2;
            int added = Math.min(wanted, Math.max(0, maxGenLength - length));
            mayGrow = longer || length + added < maxGenLength;
            if (added > 0) {
                Canvas canvas = step.canvas();
                GrowingCanvas grown = new GrowingCanvas(canvas.length() + added);
                for (int position = 0; position < canvas.length(); position++) {
                    if (position == end) {
                        grown.add(longer ? canvas.maskId() : eos, added);
                    }
                    grown.add(canvas.token(position), canvas.isFixed(position));
                }
                if (end == canvas.length()) {
                    grown.add(longer ? canvas.maskId() : eos, added);
                }
                grown.replace(edits);
            }
        }

        private double eosConfidence(Step step) {
            Candidates candidates = step.candidates();
            double sum = 0;
            int found = 0;
            for (int i = candidates.size() - 1; i >= 0 && found < eosCheck; i--) {
                if (candidates.token(i) == eos) {
                    sum += candidates.probability(i);
                    found++;
                }
            }
            return sum / eosCheck;
        }

        /// The surest mask whose proposal is a token; where all insist on the mask, the surest without it.
        private static void commitOne(Candidates candidates, int[] masks, int maskId, Edits edits) {
            for (int i : masks) {
                if (candidates.token(i) != maskId) {
                    candidates.commit(i, edits);
                    return;
                }
            }
            int best = -1;
            double surest = -1;
            for (int i : masks) {
                double left = 1 - (double) candidates.probabilityOf(i, maskId);
                double share = candidates.probabilityOf(i, candidates.best(i, token -> token != maskId)) / left;
                if (share > surest) {
                    surest = share;
                    best = i;
                }
            }
            if (best >= 0) {
                edits.add(candidates.position(best), candidates.best(best, token -> token != maskId));
            }
        }

        /// The position of the block where the model is least sure, of those left and below the limit; -1 if there is none.
        private int leastSure(Candidates candidates, int[] ranking, Edits edits) {
            int least = -1;
            for (int i : ranking) {
                boolean below = candidates.confidence(i) < expandBelow && !edits.writes(candidates.position(i));
                if (below && (least < 0 || candidates.confidence(i) < candidates.confidence(least))) {
                    least = i;
                }
            }
            return least < 0 ? -1 : candidates.position(least);
        }

        /// Makes several masks of one. What would grow beyond the limit is cut off at the end of the last hole.
        private void expand(Canvas canvas, int mask, int end, Edits edits) {
            int limit = canvas.promptLength() + maxGenLength;
            int over = Math.max(0, end + expansion - 1 - limit);
            GrowingCanvas open = new GrowingCanvas(canvas.length() + expansion);
            for (int position = 0; position < end; position++) {
                if (position == mask) {
                    open.add(canvas.maskId(), expansion);
                } else {
                    open.add(edits.tokenAt(position, canvas.token(position)), canvas.isFixed(position));
                }
            }
            if (!open.drop(over)) {
                return;
            }
            mayGrow = open.length() < limit;
            for (int position = end; position < canvas.length(); position++) {
                open.add(canvas.token(position), canvas.isFixed(position));
            }
            open.replace(edits);
        }
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "daedal:" + maxGenLength + "," + threshold + "," + expandBelow;
    }
}
