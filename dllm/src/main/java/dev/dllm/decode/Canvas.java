package dev.dllm.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The token sequence being denoised: fixed text, and positions that start as masks. The only mutable token state of a
/// request. Not thread-safe.
public final class Canvas {
    private final int promptLength;
    private final int maskId;
    private int[] tokens;
    private boolean[] fixed;

    /// A prompt, and masks behind it up to `length`.
    ///
    /// @param length of the whole canvas, more than the prompt's
    public Canvas(int[] prompt, int length, int maskId) {
        this(prompt, Template.hole(length - prompt.length), maskId);
    }

    /// A prompt, and what a template puts behind it.
    ///
    /// @throws IllegalArgumentException if the template has no hole
    public Canvas(int[] prompt, Template template, int maskId) {
        if (template.openEnd() == 0) {
            throw new IllegalArgumentException("nothing to denoise: the text behind the prompt has no hole");
        }
        int[] behind = template.tokens(maskId);
        this.promptLength = prompt.length;
        this.maskId = maskId;
        this.tokens = Arrays.copyOf(prompt, Math.addExact(prompt.length, behind.length));
        System.arraycopy(behind, 0, tokens, promptLength, behind.length);
        this.fixed = new boolean[tokens.length];
        for (int position = 0; position < tokens.length; position++) {
            fixed[position] = position < promptLength || !template.isOpen(position - promptLength);
        }
    }

    public int length() {
        return tokens.length;
    }

    /// Positions of the text that stands at the start; the generated part begins behind it.
    public int promptLength() {
        return promptLength;
    }

    public int token(int position) {
        return tokens[position];
    }

    /// Id of the mask token.
    public int maskId() {
        return maskId;
    }

    /// Whether the position is open and holds the mask token. One in given text is text.
    public boolean isMasked(int position) {
        return tokens[position] == maskId && !fixed[position];
    }

    /// Whether the position belongs to the text that was given: its token never changes.
    public boolean isFixed(int position) {
        return fixed[position];
    }

    /// Where the last position ends that is not given text; 0 if there is none.
    int openEnd() {
        int end = tokens.length;
        while (end > 0 && fixed[end - 1]) {
            end--;
        }
        return end;
    }

    /// Where the last given text ends: what is generated before it is no end of the text.
    int givenEnd() {
        int end = tokens.length;
        while (end > promptLength && !fixed[end - 1]) {
            end--;
        }
        return end;
    }

    /// The first masked position from `start` on, or the length.
    int firstMask(int start) {
        int position = start;
        while (position < tokens.length && !isMasked(position)) {
            position++;
        }
        return position;
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

    private void requirePositions(Edits edits) {
        for (int i = 0; i < edits.size(); i++) {
            int position = edits.position(i);
            if (position < 0 || position >= tokens.length || i > 0 && position == edits.position(i - 1)) {
                throw new IllegalStateException("an edit of position %d: needs one of %d positions, and one edit of each"
                        .formatted(position, tokens.length));
            }
        }
    }

    /// Writes every edit; edits that change nothing are dropped from `edits`, and a rebuilt canvas of the same length becomes
    /// edits.
    void apply(Edits edits) {
        Edits.Rebuilt rebuilt = edits.rebuilt();
        if (rebuilt != null) {
            fixed = rebuilt.fixed();
            if (rebuilt.tokens().length != tokens.length) {
                tokens = rebuilt.tokens();
                return;
            }
            edits.clear();
            for (int position = 0; position < tokens.length; position++) {
                edits.add(position, rebuilt.tokens()[position]);
            }
        }
        requirePositions(edits);
        edits.retainChanges(tokens);
        for (int i = 0; i < edits.size(); i++) {
            tokens[edits.position(i)] = edits.token(i);
        }
    }

    /// All tokens by position: the array itself, not to be changed.
    int[] tokens() {
        return tokens;
    }

    /// All tokens, with masks in the place of the text that was given: what guidance compares with.
    int[] unconditional() {
        int[] masked = tokens.clone();
        for (int position = 0; position < masked.length; position++) {
            if (fixed[position]) {
                masked[position] = maskId;
            }
        }
        return masked;
    }

    /// The tokens before `end` of each hole between given texts, in order. Given text stays in order when the canvas changes its
    /// length, so that it tells the holes apart.
    ///
    /// @param textBefore tokens of given text behind the prompt that stand before each hole
    List<int[]> holes(int[] textBefore, int end) {
        List<int[]> holes = new ArrayList<>();
        for (int before : textBefore) {
            IntStream.Builder ids = IntStream.builder();
            int text = 0;
            for (int position = promptLength; position < end; position++) {
                if (fixed[position]) {
                    text++;
                } else if (text == before) {
                    ids.add(tokens[position]);
                }
            }
            holes.add(ids.build().toArray());
        }
        return holes;
    }

    /// A copy of the tokens `[start, end)`.
    public int[] copy(int start, int end) {
        return Arrays.copyOfRange(tokens, start, end);
    }
}
