package dev.dllm.model;

import dev.dllm.runtime.RouterSpec;

/// What the feed-forward part of a layer looks like, before its weights are loaded.
public sealed interface FeedForwardShape {

    /// One gated block.
    ///
    /// @param width inside the block
    record Dense(int width) implements FeedForwardShape {
        public Dense {
            if (width < 1) {
                throw new IllegalArgumentException("feed-forward width " + width + ": needs 1 or more");
            }
        }
    }

    /// Routed experts and, if `sharedWidth` is not 0, one expert that every token passes.
    ///
    /// @param experts     routed experts
    /// @param width       inside a routed expert
    /// @param sharedWidth inside the shared expert, 0 for none
    /// @param router      how experts are chosen
    record Experts(int experts, int width, int sharedWidth, RouterSpec router) implements FeedForwardShape {
        public Experts {
            if (experts < 1 || width < 1 || sharedWidth < 0) {
                throw new IllegalArgumentException("%d experts of width %d with a shared one of %d"
                        .formatted(experts, width, sharedWidth));
            }
            router.requireChoiceOf(experts);
        }
    }
}
