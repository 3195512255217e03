package dev.dllm.decode;

import dev.dllm.model.AttentionPattern;
import java.util.Arrays;

/// What rules ask of settings that go from left to right in a causal context: before a window that moves with the first mask,
/// every token sees what is before it alone.
final class LeftToRight {

    private LeftToRight() {}

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
        if (!shifted && width < 2) {
            throw new IllegalArgumentException("unmasking rule '%s' with a window of %d: it begins with the token before the first mask, whose "
                    .formatted(rule, width) + "row predicts no mask of this model; accepted here: 2 or more");
        }
    }

    /// Whether a token is proposed for a position.
    static boolean proposes(Candidates candidates, int position) {
        return index(candidates, position) >= 0;
    }

    /// The token that is proposed for a position.
    ///
    /// @throws IndexOutOfBoundsException if none is
    static int token(Candidates candidates, int position) {
        return candidates.token(index(candidates, position));
    }

    private static int index(Candidates candidates, int position) {
        return Arrays.binarySearch(candidates.positions(), position);
    }
}
