package dev.dllm.decode;

import java.util.Arrays;

/// A canvas that is written anew, position by position, because positions are inserted or dropped. Not thread-safe.
final class GrowingCanvas {
    private int[] tokens;
    private boolean[] fixed;
    private int length;

    /// @param expected length, exceeded without harm
    GrowingCanvas(int expected) {
        tokens = new int[expected];
        fixed = new boolean[expected];
    }

    /// Puts a position at the end.
    ///
    /// @param given whether its token never changes
    void add(int token, boolean given) {
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * length + 16);
            fixed = Arrays.copyOf(fixed, 2 * length + 16);
        }
        tokens[length] = token;
        fixed[length++] = given;
    }

    /// Puts open positions at the end.
    void add(int token, int count) {
        for (int i = 0; i < count; i++) {
            add(token, false);
        }
    }

    int length() {
        return length;
    }

    /// Takes open positions from the end.
    ///
    /// @return false if given text stands there, which stays; then nothing has changed
    boolean drop(int count) {
        for (int position = length - count; position < length; position++) {
            if (fixed[position]) {
                return false;
            }
        }
        length -= count;
        return true;
    }

    /// Replaces the canvas of the run.
    void replace(Edits edits) {
        edits.rebuild(Arrays.copyOf(tokens, length), Arrays.copyOf(fixed, length));
    }
}
