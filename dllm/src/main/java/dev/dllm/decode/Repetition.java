package dev.dllm.decode;

import java.util.Arrays;
import java.util.OptionalInt;

/// When a text goes round in circles: the tokens of its newest window are few and come often.
///
/// The window ends before the first mask, and more than it must have been generated behind all given text. The entropy is that of
/// the shares that its distinct tokens have of it: ln(window) if all differ, 0 if all are the same. The whole window is cut.
///
/// @param window tokens looked at, 1 or more; shorter texts do not repeat
/// @param nats   the text repeats below this entropy, 0 to ln(window)
/// @see "BD3-LM, arXiv:2503.09573; kuleshov-group/bd3lms, diffusion.py (256 tokens, 4 nats; it looks after each block)"
public record Repetition(int window, double nats) {

    public Repetition {
        if (window < 1 || !(nats >= 0 && nats <= Math.log(window))) {
            throw new IllegalArgumentException(
                    "repetition in %d tokens below %s nats: needs 1 token or more, and 0 to the entropy of tokens that all differ, %.2f"
                            .formatted(window, nats, Math.log(Math.max(1, window))));
        }
    }

    /// Where the window that repeats starts, if it does.
    OptionalInt start(Canvas canvas) {
        int end = canvas.firstMask(canvas.promptLength());
        int start = end - window;
        return start > canvas.givenEnd() && entropy(canvas.copy(start, end)) < nats
                ? OptionalInt.of(start)
                : OptionalInt.empty();
    }

    /// @param tokens 1 or more; sorted here
    private static double entropy(int[] tokens) {
        Arrays.sort(tokens);
        double entropy = 0;
        int first = 0;
        for (int i = 1; i <= tokens.length; i++) {
            if (i == tokens.length || tokens[i] != tokens[first]) {
                double share = (double) (i - first) / tokens.length;
                entropy -= share * Math.log(share);
                first = i;
            }
        }
        return entropy;
    }
}
