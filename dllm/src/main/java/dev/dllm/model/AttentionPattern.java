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

    /// The same pattern with its blocks cut from `position` on, and one block before that; a pattern without blocks is returned as it is.
    AttentionPattern anchoredAt(int position);

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
        public AttentionPattern anchoredAt(int position) {
            return this;
        }

        @Override
        public String toString() {
            return "bidirectional";
        }
    }

    /// Full attention inside a block, causal between blocks (LLaDA2, SDAR).
    ///
    /// @param blockLength 1 or more
    /// @param offset      where the first whole block begins; positions before it are one block, of any length
    record BlockCausal(int blockLength, int offset) implements AttentionPattern {
        public BlockCausal {
            if (blockLength < 1 || offset < 0) {
                throw new IllegalArgumentException("blocks of %d from position %d on: needs 1 or more, and 0 or more"
                        .formatted(blockLength, offset));
            }
        }

        /// Blocks cut at multiples of `blockLength` from position 0.
        public BlockCausal(int blockLength) {
            this(blockLength, 0);
        }

        @Override
        public int visibleEnd(int position, int length) {
            int end = position < offset ? offset : (position - offset) / blockLength * blockLength + blockLength + offset;
            return Math.min(length, end);
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
        public AttentionPattern anchoredAt(int position) {
            return new BlockCausal(blockLength, position);
        }

        @Override
        public String toString() {
            return "block-causal, blocks of " + blockLength;
        }
    }
}
