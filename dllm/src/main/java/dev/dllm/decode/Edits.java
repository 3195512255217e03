package dev.dllm.decode;

import java.util.Arrays;

/// What one step writes: (position, token) pairs, ascending by position. Committing, remasking (the token is the mask) and
/// revising a committed token are all the same thing. Mutable and reused from step to step; not thread-safe.
public final class Edits {
    private int[] positions = new int[16];
    private int[] tokens = new int[16];
    private int size;

    /// Adds one edit, in any order; a position must not be edited twice in a step.
    public void add(int position, int token) {
        if (size == positions.length) {
            positions = Arrays.copyOf(positions, 2 * size);
            tokens = Arrays.copyOf(tokens, 2 * size);
        }
        int at = size++;
        while (at > 0 && positions[at - 1] > position) {
            positions[at] = positions[at - 1];
            tokens[at] = tokens[at - 1];
            at--;
        }
        positions[at] = position;
        tokens[at] = token;
    }

    public int size() {
        return size;
    }

    public int position(int i) {
        return positions[i];
    }

    public int token(int i) {
        return tokens[i];
    }

    void clear() {
        size = 0;
    }

    /// Drops the edits that write what already stands there.
    void retainChanges(int[] canvas) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (canvas[positions[i]] != tokens[i]) {
                positions[kept] = positions[i];
                tokens[kept++] = tokens[i];
            }
        }
        size = kept;
    }
}
