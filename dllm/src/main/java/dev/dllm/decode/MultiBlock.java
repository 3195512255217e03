package dev.dllm.decode;

/// Works on several blocks at once: as soon as a share of a span has been committed, the next one is open too, and so on.
/// Commits every mask of the open spans above a threshold, and the surest of the first span if it would get none.
///
/// SGLang and d3LLM take entropy as confidence, so that the threshold is a negative number of nats.
///
/// @param threshold confidence above which a mask is committed
/// @param opening   share of a span that is committed before the next one is open, in [0, 1]; 0 opens all at once
/// @see "d3LLM, arXiv:2601.07568; sgl-project/sglang, srt/dllm/algorithm/full_attn_multi_block.py"
public record MultiBlock(float threshold, float opening) implements Unmasking {

    public MultiBlock {
        if (!Float.isFinite(threshold) || !(opening >= 0 && opening <= 1)) {
            throw new IllegalArgumentException(
                    "threshold " + threshold + " and opening " + opening + ": needs a number, and a share from 0 to 1");
        }
    }

    @Override
    public boolean looksBeyondSpan() {
        return true;
    }

    @Override
    public State start() {
        return new State() {
            @Override
            public boolean wants(Canvas canvas, Span span, int position) {
                return canvas.isMasked(position) && (span.contains(position) || position >= span.end() && open(canvas, span, position));
            }

            @Override
            public void decide(Step step, Edits edits) {
                Candidates candidates = step.candidates();
                Span first = step.progress().span();
                int[] ranking = candidates.ranking(step.canvas());
                boolean progress = false;
                for (int i : ranking) {
                    boolean inFirst = first.contains(candidates.position(i));
                    if (candidates.confidence(i) > threshold || inFirst && !progress) {
                        candidates.commit(i, edits);
                        progress |= inFirst;
                    }
                }
            }
        };
    }

    /// Whether the span that holds a position behind the active one is open: the one before it has made the progress that
    /// opens it. Spans that are not open make none.
    private boolean open(Canvas canvas, Span active, int position) {
        int start = active.start() + (position - active.start()) / active.length() * active.length();
        Span before = new Span(start - active.length(), start);
        return 1 - (float) canvas.masks(before) / before.length() >= opening;
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "multi-block:" + threshold + "," + opening;
    }
}
