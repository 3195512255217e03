package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;

/// What several policies ask of a model.
final class Requirements {

    private Requirements() {}

    /// @throws IllegalArgumentException if a position sees something else once it is final
    static void requireLastingView(CachePolicy policy, AttentionPattern pattern) {
        if (pattern instanceof AttentionPattern.CausalContext) {
            throw new IllegalArgumentException(("cache '%s' keeps keys and values as they were while a block was decoded; here they are other "
                    + "ones once it is final: attention is %s; accepted here: none, block").formatted(policy, pattern));
        }
    }

    /// @param because what the policy does that needs it, as a verb with its object
    /// @throws IllegalArgumentException if positions do not see those behind them
    static void requireBidirectional(CachePolicy policy, AttentionPattern pattern, String because) {
        if (!(pattern instanceof AttentionPattern.Bidirectional)) {
            throw new IllegalArgumentException("cache '%s' %s; this model is %s; accepted here: bidirectional"
                    .formatted(policy, because, pattern));
        }
    }
}
