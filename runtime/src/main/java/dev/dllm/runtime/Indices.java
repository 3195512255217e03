package dev.dllm.runtime;

import java.util.Objects;

/// A view of host integers: token ids, row numbers. The array is not copied; whoever passes it on must not change it until
/// the op has returned.
public record Indices(int[] array, int offset, int length) {

    public Indices {
        Objects.checkFromIndexSize(offset, length, array.length);
    }

    public static Indices of(int... values) {
        return new Indices(values, 0, values.length);
    }

    public int get(int i) {
        return array[offset + i];
    }

    /// Entries `[from, to)` as a view.
    public Indices slice(int from, int to) {
        Objects.checkFromToIndex(from, to, length);
        return new Indices(array, offset + from, to - from);
    }
}
