package dev.dllm.decode;

import dev.dllm.model.AttentionPattern;
import java.util.Arrays;

/// Rules that go from left to right in a causal context: before a window that moves with the first mask, every token sees what is
/// before it alone.
final class LeftToRight {

    private LeftToRight() {}

    /// A state whose calls denoise the window, unless there are drafts: then all of the canvas that is computed is read, and the drafts
    /// are tried behind it.
    abstract static class Window implements Unmasking.State {
        private final int width;
        /// Proposed for the first masks of the block, and not tried yet.
        int[] drafts = NONE;

        /// @param width positions, the token before the first mask included
        Window(int width) {
            this.width = width;
        }

        final boolean hasDrafts() {
            return drafts.length > 0;
        }

        @Override
        public final int active(Canvas canvas, Span block) {
            return canvas.firstMask(block.start()) - (hasDrafts() ? 0 : 1);
        }

        @Override
        public final int horizon(Canvas canvas) {
            int mask = canvas.firstMask(0);
            return hasDrafts() ? mask : (int) Math.min(canvas.length(), mask - 1L + width);
        }
    }

    /// @param width   of the window, the token before the first mask included
    /// @param shifted whether the row of position i predicts position i + 1
    /// @throws IllegalArgumentException if a rule does not fit
    static void requireFits(Unmasking rule, int width, DecodeSettings settings, boolean shifted) {
        if (!(settings.attention() instanceof AttentionPattern.CausalContext)) {
            throw new IllegalArgumentException("unmasking rule '%s' reads what is before its window from left to right; attention here is %s; "
                    .formatted(rule, settings.attention()) + "accepted here: causal-context");
        }
        if (settings.spanLength() < settings.blockLength()) {
            throw new IllegalArgumentException("unmasking rule '%s' moves its window through whole blocks, but they are denoised in parts of %d; "
                    .formatted(rule, settings.spanLength()) + "accepted here: parts as long as blocks");
        }
        if (!settings.suppressMask()) {
            throw new IllegalArgumentException("unmasking rule '%s' where the mask token may be proposed: it would stay a mask; ".formatted(rule)
                    + "accepted here: a mask token that is suppressed");
        }
        if (!shifted && width < 2) {
            throw new IllegalArgumentException("unmasking rule '%s' with a window of %d: it begins with the token before the first mask, whose "
                    .formatted(rule, width) + "row predicts no mask of this model; accepted here: 2 or more");
        }
    }

    /// The token that is proposed for a position.
    ///
    /// @throws IndexOutOfBoundsException if none is
    static int token(Candidates candidates, int position) {
        return candidates.token(Arrays.binarySearch(candidates.positions(), position));
    }
}
