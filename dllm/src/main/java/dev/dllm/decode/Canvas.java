package dev.dllm.decode;

import java.util.Arrays;

/// The token sequence being denoised: the prompt, then positions that start as masks. The only mutable token state of a
/// request. Not thread-safe.
public final class Canvas {
    private final int[] tokens;
    private final int promptLength;
    private final int maskId;

    /// @param length of the whole canvas, more than the prompt's
    public Canvas(int[] prompt, int length, int maskId) {
        if (length <= prompt.length) {
            throw new IllegalArgumentException("a canvas of " + length + " has no room behind " + prompt.length + " tokens");
        }
        this.tokens = Arrays.copyOf(prompt, length);
        this.promptLength = prompt.length;
        this.maskId = maskId;
        Arrays.fill(tokens, promptLength, length, maskId);
    }

    public int length() {
        return tokens.length;
    }

    public int promptLength() {
        return promptLength;
    }

    public int token(int position) {
        return tokens[position];
    }

    /// Whether the position holds the mask token.
    public boolean isMasked(int position) {
        return tokens[position] == maskId;
    }

    /// Masked positions in a span.
    public int masks(Span span) {
        int count = 0;
        for (int position = span.start(); position < span.end(); position++) {
            if (isMasked(position)) {
                count++;
            }
        }
        return count;
    }

    /// Writes every edit; edits that change nothing are dropped from `edits`.
    void apply(Edits edits) {
        edits.retainChanges(tokens);
        for (int i = 0; i < edits.size(); i++) {
            tokens[edits.position(i)] = edits.token(i);
        }
    }

    /// All tokens by position: the array itself, not to be changed.
    int[] tokens() {
        return tokens;
    }

    /// A copy of the tokens `[start, end)`.
    public int[] copy(int start, int end) {
        return Arrays.copyOfRange(tokens, start, end);
    }
}
