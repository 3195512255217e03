package dev.dllm.decode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What one step writes: (position, token) pairs, ascending by position, or a canvas of another length. Committing, remasking (the
/// token is the mask) and revising a committed token are all the same thing. Mutable and reused from step to step; not thread-safe.
public final class Edits {
    private int[] positions = new int[16];
    private int[] tokens = new int[16];
    private int size;
    private @Nullable Rebuilt rebuilt;

    /// A whole canvas.
    ///
    /// @param tokens by position; owned, not copied
    /// @param fixed  which of them are given text; owned, not copied
    record Rebuilt(int[] tokens, boolean[] fixed) {}

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

    /// Whether a position is edited.
    boolean writes(int position) {
        return Arrays.binarySearch(positions, 0, size, position) >= 0;
    }

    /// The token that a position will hold.
    ///
    /// @param otherwise the one that it holds if it is not edited
    int tokenAt(int position, int otherwise) {
        int i = Arrays.binarySearch(positions, 0, size, position);
        return i >= 0 ? tokens[i] : otherwise;
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

    /// Replaces the canvas as a whole, whatever else has been added: text moves when positions are inserted or dropped.
    ///
    /// @param tokens by position, the prompt first as it was; owned, not copied
    /// @param fixed  which of them are given text; owned, not copied
    public void rebuild(int[] tokens, boolean[] fixed) {
        size = 0;
        rebuilt = new Rebuilt(tokens, fixed);
    }

    /// The canvas that replaces the old one, if the step rebuilds it.
    @Nullable Rebuilt rebuilt() {
        return rebuilt;
    }

    /// Whether the step writes anything.
    public boolean any() {
        return size > 0 || rebuilt != null;
    }

    void clear() {
        size = 0;
        rebuilt = null;
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
