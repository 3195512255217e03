package dev.dllm.model;

import java.util.OptionalInt;

/// Which positions a model was trained to see: a half-open range from 0 per query position.
public sealed interface AttentionPattern {

    /// The end of the range `[0, end)` that the row at `position` sees in a sequence of `length` positions, while its own block is
    /// the one that is decoded.
    int visibleEnd(int position, int length);

    /// The same, wherever decoding stands.
    ///
    /// @param active where the part begins that is decoded: tokens before it are final
    default int visibleEnd(int position, int active, int length) {
        return visibleEnd(position, length);
    }

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

    /// What is decoded sees all of itself and everything before it; once it is final, each token sees what is before it alone
    /// (SDLM; models that also decode token by token).
    ///
    /// @param grid what is decoded together unless a rule says otherwise
    record CausalContext(BlockCausal grid) implements AttentionPattern {

        /// Blocks cut at multiples of `blockLength` from position 0.
        public CausalContext(int blockLength) {
            this(new BlockCausal(blockLength));
        }

        @Override
        public int visibleEnd(int position, int length) {
            return grid.visibleEnd(position, length);
        }

        @Override
        public int visibleEnd(int position, int active, int length) {
            return position < active ? position + 1 : length;
        }

        @Override
        public OptionalInt blocks() {
            return grid.blocks();
        }

        @Override
        public AttentionPattern withBlockLength(int blockLength) {
            return new CausalContext(blockLength);
        }

        @Override
        public AttentionPattern anchoredAt(int position) {
            return new CausalContext(new BlockCausal(grid.blockLength, position));
        }

        @Override
        public String toString() {
            return "causal before the block that is decoded, blocks of " + grid.blockLength;
        }
    }
}
