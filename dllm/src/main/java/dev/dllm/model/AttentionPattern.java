package dev.dllm.model;

import java.util.OptionalInt;

/// Which positions a model was trained to see: a half-open range from 0 per query position.
public sealed interface AttentionPattern {

    /// The end of the range `[0, end)` that the row at `position` sees in a sequence of `length` positions.
    int visibleEnd(int position, int length);

    /// The length of its blocks, if it has any.
    OptionalInt blocks();

    /// The same kind of pattern with another block length; a pattern without blocks is returned as it is.
    AttentionPattern withBlockLength(int blockLength);

    /// Every position sees every position (LLaDA, Dream).
    record Bidirectional() implements AttentionPattern {
        @Override
        public int visibleEnd(int position, int length) {
            return length;
        }

        @Override
        public OptionalInt blocks() {
            return OptionalInt.empty();
        }

        @Override
        public AttentionPattern withBlockLength(int blockLength) {
            return this;
        }

        @Override
        public String toString() {
            return "bidirectional";
        }
    }

    /// Full attention inside a block, causal between blocks; blocks are cut at multiples of `blockLength` from position 0
    /// (LLaDA2, SDAR).
    record BlockCausal(int blockLength) implements AttentionPattern {
        public BlockCausal {
            if (blockLength < 1) {
                throw new IllegalArgumentException("block length " + blockLength + ": needs 1 or more");
            }
        }

        @Override
        public int visibleEnd(int position, int length) {
            return Math.min(length, (position / blockLength + 1) * blockLength);
        }

        @Override
        public OptionalInt blocks() {
            return OptionalInt.of(blockLength);
        }

        @Override
        public AttentionPattern withBlockLength(int blockLength) {
            return new BlockCausal(blockLength);
        }

        @Override
        public String toString() {
            return "block-causal, blocks of " + blockLength;
        }
    }
}
