package dev.dllm.decode;

import dev.dllm.cache.BlockCache;
import dev.dllm.cache.NoCache;
import dev.dllm.model.AttentionPattern;

/// Works on several blocks at once, for models that were trained to see unfinished blocks before their own (D2F). A block joins
/// once the newest one has made some progress, unless an EOS has been written. Every mask above a threshold is committed; a
/// block also commits its surest mask if there is none such and the block before it is nearly finished.
///
/// Needs block-causal attention. With [Anchor#BEHIND_PROMPT] the prompt is one block, as those models were trained.
///
/// @param skip   probability above which a mask is committed
/// @param join   share of the newest block that is committed before the next one joins, in [0, 1]
/// @param nearly share of a block that is committed before the next one commits something in every call, in [0, 1]
/// @see "D2F, arXiv:2508.09192; zhijie-group/Discrete-Diffusion-Forcing"
public record Pipelined(float skip, float join, float nearly) implements Unmasking {

    public Pipelined {
        if (!Float.isFinite(skip) || !(join >= 0 && join <= 1) || !(nearly >= 0 && nearly <= 1)) {
            throw new IllegalArgumentException("threshold " + skip + ", shares " + join + " and " + nearly
                    + ": need a number, and two shares from 0 to 1");
        }
    }

    @Override
    public void requireFits(DecodeSettings settings, boolean shifted) {
        if (!(settings.attention() instanceof AttentionPattern.BlockCausal)) {
            throw new IllegalArgumentException("unmasking rule '" + this + "' adds blocks that earlier ones do not see; this attention is "
                    + settings.attention() + "; accepted here: block-causal");
        }
        if (settings.spanLength() < settings.blockLength()) {
            throw new IllegalArgumentException("unmasking rule '" + this + "' works on whole blocks; accepted here: no spans inside them");
        }
        if (!settings.cache().equals(new NoCache()) && !settings.cache().equals(new BlockCache())) {
            throw new IllegalArgumentException("unmasking rule '" + this + "' works on more than one block, of which cache '"
                    + settings.cache() + "' knows nothing; accepted here: none, block");
        }
    }

    @Override
    public boolean reachesAhead() {
        return true;
    }

    @Override
    public State start() {
        return new State() {
            private final Edits nothing = new Edits();
            private int blockLength;
            private int end;

            @Override
            public int reach(Canvas canvas, Span block) {
                if (end == 0) {
                    blockLength = block.length();
                    end = block.end();
                }
                return end;
            }

            @Override
            public boolean wants(Canvas canvas, Span span, int position) {
                return position < end && canvas.isMasked(position);
            }

            @Override
            public boolean another(Pacing pacing, int masks, BlockProgress progress) {
                return progress.span().start() < end && pacing.another(masks, progress);
            }

            @Override
            public void decide(Step step, Edits edits) {
                Canvas canvas = step.canvas();
                Candidates candidates = step.candidates();
                for (int start = step.progress().span().start(); start < end; start += blockLength) {
                    commit(canvas, candidates, new Span(start, Math.min(start + blockLength, end)), edits);
                }
                Span newest = new Span(Math.max(0, end - blockLength), end);
                if (end < canvas.length() && committed(canvas, newest, edits) >= join && !ended(step, edits)) {
                    end = Math.min(end + blockLength, canvas.length());
                }
            }

            private void commit(Canvas canvas, Candidates candidates, Span block, Edits edits) {
                int[] ranking = candidates.ranking(i -> block.contains(candidates.position(i)) && canvas.isMasked(candidates.position(i)));
                int before = edits.size();
                for (int i : ranking) {
                    if (candidates.probability(i) > skip) {
                        candidates.commit(i, edits);
                    }
                }
                boolean insists = block.start() <= canvas.promptLength()
                        || committed(canvas, new Span(block.start() - blockLength, block.start()), nothing) >= nearly;
                if (edits.size() == before && insists && ranking.length > 0) {
                    candidates.commit(ranking[0], edits);
                }
            }

            /// The share of a block that is committed once the edits are written.
            private double committed(Canvas canvas, Span block, Edits edits) {
                int masks = canvas.masks(block);
                for (int i = 0; i < edits.size(); i++) {
                    boolean written = block.contains(edits.position(i)) && edits.token(i) != canvas.maskId();
                    masks -= written ? 1 : 0;
                }
                return 1 - (double) masks / block.length();
            }

            private boolean ended(Step step, Edits edits) {
                boolean ended = step.stop().firstEos(step.canvas(), end).isPresent();
                for (int i = 0; i < edits.size(); i++) {
                    ended |= step.stop().isEos(edits.token(i));
                }
                return ended;
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "d2f:" + skip + "," + join + "," + nearly;
    }
}
