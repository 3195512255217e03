package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;

/// Left-to-right decoding needs few old rows anew: a call computes the masks, what the call before committed, and `width` − 1
/// positions before that; of a shifted model in any case the row that predicts the first mask. What stands further left stays as it
/// was stored.
///
/// @param width 1 or more
/// @see "APD (kv_window), arXiv:2506.00413"
public record TrailingCache(int width) implements CachePolicy {

    public TrailingCache {
        if (width < 1) {
            throw new IllegalArgumentException("a trailing window of " + width + " positions: needs 1 or more");
        }
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        return new State() {
            private int previousMask = -1;

            @Override
            public ForwardPlan plan(Window window) {
                int seen = window.visibleEnd(pattern);
                int firstMask = 0;
                while (firstMask < seen && !window.masked().test(firstMask)) {
                    firstMask++;
                }
                // A rule may go on where nothing is masked any more: then the last row is computed.
                int predicting = Math.clamp(firstMask - (shifted ? 1 : 0), 0, seen - 1);
                int from = previousMask < 0 ? 0 : Math.clamp((long) previousMask - width + 1, 0, predicting);
                previousMask = firstMask;
                return ForwardPlan.range(from, seen, position -> pattern.visibleEnd(position, seen));
            }

            @Override
            public void applied(boolean edited) {}
        };
    }

    @Override
    public String toString() {
        return "trailing:" + width;
    }
}
