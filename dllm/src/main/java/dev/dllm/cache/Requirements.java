package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;

/// What several policies ask of a model.
final class Requirements {

    private Requirements() {}

    /// @param because what the policy does that needs it, as a verb with its object
    /// @throws IllegalArgumentException if positions do not see those behind them
    static void requireBidirectional(CachePolicy policy, AttentionPattern pattern, String because) {
        if (!(pattern instanceof AttentionPattern.Bidirectional)) {
            throw new IllegalArgumentException("cache '%s' %s; this model is %s; accepted here: bidirectional"
                    .formatted(policy, because, pattern));
        }
    }
}
