package dev.dllm.decode;

import java.util.Arrays;
import java.util.stream.IntStream;

/// What stands behind a prompt: holes, which start as masks and are denoised, and text between and behind them, which never
/// changes. Immutable and thread-safe.
///
/// ```java
/// Template.hole(4).andText(separator).andHole(8).andText(end)
/// ```
///
/// @see "structure priors: Dimple, arXiv:2505.16990; constraints: pixeli99/Prophet, generate_earlyexit.py"
public final class Template {
    private static final int OPEN = -1;

    private final int[] tokens;

    private Template(int[] tokens) {
        this.tokens = tokens;
    }

    /// Begins with open positions.
    ///
    /// @param length 1 or more
    public static Template hole(int length) {
        return new Template(new int[0]).andHole(length);
    }

    /// Begins with text.
    ///
    /// @param ids copied
    public static Template text(int... ids) {
        return new Template(new int[0]).andText(ids);
    }

    /// This template, and open positions behind it.
    ///
    /// @param length 1 or more
    /// @throws IllegalArgumentException if the length is out of range
    public Template andHole(int length) {
        if (length < 1 || length > DecodeSettings.WHOLE) {
            throw new IllegalArgumentException("a hole of %d positions: needs 1 to %d".formatted(length, DecodeSettings.WHOLE));
        }
        int[] longer = Arrays.copyOf(tokens, Math.addExact(tokens.length, length));
        Arrays.fill(longer, tokens.length, longer.length, OPEN);
        return new Template(longer);
    }

    /// This template, and text behind it.
    ///
    /// @param ids copied
    /// @throws IllegalArgumentException if an id is negative
    public Template andText(int... ids) {
        int[] longer = Arrays.copyOf(tokens, Math.addExact(tokens.length, ids.length));
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0) {
                throw new IllegalArgumentException("token id " + ids[i] + ": needs 0 or more");
            }
            longer[tokens.length + i] = ids[i];
        }
        return new Template(longer);
    }

    /// Positions, text included.
    public int length() {
        return tokens.length;
    }

    /// Whether a position, counted from the start of the template, belongs to a hole.
    public boolean isOpen(int position) {
        return tokens[position] == OPEN;
    }

    /// Where the last hole ends; 0 if there is none.
    public int openEnd() {
        int end = tokens.length;
        while (end > 0 && !isOpen(end - 1)) {
            end--;
        }
        return end;
    }

    /// How many tokens of its text stand before each hole. Holes without text between them are one.
    int[] textBeforeHoles() {
        IntStream.Builder counts = IntStream.builder();
        int text = 0;
        for (int position = 0; position < tokens.length; position++) {
            if (!isOpen(position)) {
                text++;
            } else if (position == 0 || !isOpen(position - 1)) {
                counts.add(text);
            }
        }
        return counts.build().toArray();
    }

    /// The ids of all its text.
    public int[] textIds() {
        return Arrays.stream(tokens).filter(token -> token != OPEN).toArray();
    }

    /// The last hole longer by some positions, text behind it moved.
    Template extended(int positions) {
        int end = openEnd();
        int[] longer = Arrays.copyOf(tokens, Math.addExact(tokens.length, positions));
        System.arraycopy(tokens, end, longer, end + positions, tokens.length - end);
        Arrays.fill(longer, end, end + positions, OPEN);
        return new Template(longer);
    }

    /// The tokens, with masks in the holes.
    int[] tokens(int maskId) {
        return Arrays.stream(tokens).map(token -> token == OPEN ? maskId : token).toArray();
    }
}
