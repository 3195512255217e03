package dev.dllm.tokenizer;

import java.util.Arrays;

/// A growing list of ints without boxing.
final class IntList {
    private int[] values = new int[64];
    private int size;

    void add(int value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
        }
        values[size++] = value;
    }

    void addAll(int[] more) {
        for (int value : more) {
            add(value);
        }
    }

    int size() {
        return size;
    }

    int get(int index) {
        return values[index];
    }

    int[] toArray() {
        return Arrays.copyOf(values, size);
    }

    /// The values from `start` on.
    int[] tail(int start) {
        return Arrays.copyOfRange(values, start, size);
    }
}
