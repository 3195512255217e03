package dev.dllm.model;

import dev.dllm.runtime.RouterSpec;

/// What the feed-forward part of a layer looks like, before its weights are loaded.
public sealed interface FeedForwardShape {

    /// Positions per routing block, counted from position 0 of a sequence: they choose among the experts that they admit
    /// together. 0 if each position is computed by itself.
    int routingBlockLength();

    /// One gated block.
    ///
    /// @param width inside the block
    record Dense(int width) implements FeedForwardShape {
        public Dense {
            if (width < 1) {
                throw new IllegalArgumentException("feed-forward width " + width + ": needs 1 or more");
            }
        }

        @Override
        public int routingBlockLength() {
            return 0;
        }
    }

    /// Routed experts and, if `sharedWidth` is not 0, one expert that every token passes.
    ///
    /// @param experts            routed experts
    /// @param width              inside a routed expert
    /// @param sharedWidth        inside the shared expert, 0 for none
    /// @param router             how experts are chosen
    /// @param routingBlockLength 1 or more if the router has a capacity, else 0
    record Experts(int experts, int width, int sharedWidth, RouterSpec router, int routingBlockLength)
            implements FeedForwardShape {
        public Experts {
            if (experts < 1 || width < 1 || sharedWidth < 0) {
                throw new IllegalArgumentException("%d experts of width %d with a shared one of %d"
                        .formatted(experts, width, sharedWidth));
            }
            router.requireChoiceOf(experts);
            if (routingBlockLength < 0 || routingBlockLength > 0 != router.capacity() > 0) {
                throw new IllegalArgumentException("a router of capacity %d with routing blocks of %d positions"
                        .formatted(router.capacity(), routingBlockLength));
            }
        }

        /// Without routing blocks.
        public Experts(int experts, int width, int sharedWidth, RouterSpec router) {
            this(experts, width, sharedWidth, router, 0);
        }
    }
}
