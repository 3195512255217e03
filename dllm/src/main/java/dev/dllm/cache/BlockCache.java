package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;

/// The exact cache of block-causal models: keys and values of a block depend on blocks up to it alone, so they are final
/// once computed from its final tokens.
///
/// A call computes everything from the first position that is not yet final to the end of the span. So the prompt's full
/// blocks are computed once, with the first call; a finished block is computed once more together with the first call of
/// the next one (the merged commit forward), unless the call before changed nothing and its rows are final already. The
/// number of calls is that of [NoCache], and so is every bit of the result.
///
/// @see "Block diffusion (BD3-LM), arXiv:2503.09573, section 3; LLaDA2.0 report, arXiv:2512.15745"
public record BlockCache() implements CachePolicy {

    @Override
    public State start(AttentionPattern pattern) {
        if (!(pattern instanceof AttentionPattern.BlockCausal)) {
            throw new IllegalArgumentException("cache 'block' is exact for block-causal models only; this one is " + pattern
                    + "; accepted here: none");
        }
        return new State() {
            private int finalEnd;
            private int spanStart;
            private int spanEnd;

            @Override
            public ForwardPlan plan(int start, int end, int length, int[] wanted) {
                spanStart = start;
                spanEnd = end;
                int from = Math.min(finalEnd, start);
                return ForwardPlan.range(from, end, position -> pattern.visibleEnd(position, end), wanted);
            }

            @Override
            public void applied(boolean edited) {
                finalEnd = edited ? spanStart : spanEnd;
            }
        };
    }

    @Override
    public String toString() {
        return "block";
    }
}
