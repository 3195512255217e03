package dev.dllm.decode;

import dev.dllm.model.ModelSpec;
import java.util.OptionalInt;

/// Infilling whose length the model finds: one token is committed per call; where it is the expand token, the mask becomes two,
/// and where it is an EOS, its position is removed.
///
/// The holes start with the generation length, and all of them together grow to a limit.
///
/// @param maxGenLength open positions that the canvas may grow to; as often a mask may become two
/// @param padEos       whether an EOS makes all masks behind it EOS
/// @param deleteEos    whether an EOS removes its position
/// @param expandId     the token that becomes two masks; without it that of the model
/// @param eosId        the token that is removed; without it that of the model
/// @param padding      masks at the end of the canvas that stand for the length it may grow to, unseen. For comparison with the
///                     reference only; otherwise 0: the canvas changes its length
/// @see "DreamLM/DreamOn, eval/generator.py"
public record ExpandDelete(
        int maxGenLength, boolean padEos, boolean deleteEos, OptionalInt expandId, OptionalInt eosId, int padding)
        implements Unmasking {
    /// Four times what a canvas starts with.
    public static final int DEFAULT_LENGTH = 256;

    public ExpandDelete {
        if (maxGenLength < 1 || maxGenLength > DecodeSettings.WHOLE) {
            throw new IllegalArgumentException("growth to %d positions: needs 1 to %d".formatted(maxGenLength, DecodeSettings.WHOLE));
        }
    }

    /// The authors' settings.
    public ExpandDelete(int maxGenLength) {
        this(maxGenLength, true, true, OptionalInt.empty(), OptionalInt.empty(), 0);
    }

    @Override
    public ExpandDelete forModel(ModelSpec model) {
        if (expandId.isEmpty() && model.editIds().expand().isEmpty()) {
            throw new IllegalArgumentException("rule 'expand-delete' needs a model whose config.json names expand_token_id, or whose "
                    + "tokenizer knows <|expand|>; this one does not");
        }
        if (eosId.isEmpty() && model.eosIds().length == 0) {
            throw new IllegalArgumentException("rule 'expand-delete' needs a model whose files name an EOS token; these do not");
        }
        return new ExpandDelete(
                maxGenLength, padEos, deleteEos, expandId.isPresent() ? expandId : model.editIds().expand(),
                eosId.isPresent() ? eosId : OptionalInt.of(model.eosIds()[0]), padding);
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
        return new Run(expandId.orElseThrow(), eosId.orElseThrow());
    }

    private final class Run implements State {
        private final int expand;
        private final int eos;
        private int budget = maxGenLength;
        private int masks = -1;
        private int grown;

        Run(int expand, int eos) {
            this.expand = expand;
            this.eos = eos;
        }

        @Override
        public boolean wants(Canvas canvas, Span span, int position) {
            return position < horizon(canvas) && canvas.isMasked(position) && !canvas.isFixed(position);
        }

        @Override
        public int horizon(Canvas canvas) {
            return canvas.length() - padding + grown;
        }

        @Override
        public int[] forbidden(Canvas canvas) {
            return budget == 0 || open(canvas) >= maxGenLength ? new int[] {expand} : NONE;
        }

        @Override
        public boolean another(Pacing pacing, int masksOfSpan, BlockProgress progress) {
            boolean another = pacing.another(masks < 0 ? masksOfSpan : masks, progress);
            masks = another ? masks : -1;
            return another;
        }

        @Override
        public void decide(Step step, Edits edits) {
            if (step.candidates().size() == 0) {
                // The masks that are left belong to other spans, which the cache computes when their turn comes.
                masks = 0;
                return;
            }
            Canvas canvas = step.canvas();
            int end = horizon(canvas);
            step.candidates().commitBest(canvas, 1, edits);
            boolean ended = false;
            masks = 0;
            GrowingCanvas next = new GrowingCanvas(canvas.length() + 1);
            for (int position = 0; position < end; position++) {
                boolean wasMask = canvas.isMasked(position) && !canvas.isFixed(position);
                int token = edits.tokenAt(position, canvas.token(position));
                ended |= wasMask && token == eos && padEos;
                token = wasMask && ended ? eos : token;
                if (wasMask && token == expand) {
                    next.add(canvas.maskId(), 2);
                    masks += 2;
                    budget--;
                } else if (!(wasMask && token == eos && deleteEos)) {
                    next.add(token, canvas.isFixed(position));
                    masks += wasMask && token == canvas.maskId() ? 1 : 0;
                }
            }
            int growth = next.length() - end;
            if (padding > 0) {
                grown += growth;
                next.add(canvas.maskId(), canvas.length() - next.length());
            }
            if (padding > 0 || growth != 0 || ended) {
                next.replace(edits);
            }
        }

        private int open(Canvas canvas) {
            int open = 0;
            for (int position = 0; position < horizon(canvas); position++) {
                open += canvas.isFixed(position) ? 0 : 1;
            }
            return open;
        }
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "expand-delete:" + maxGenLength;
    }
}
