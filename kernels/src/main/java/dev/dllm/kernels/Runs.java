package dev.dllm.kernels;

import java.util.Arrays;

/// The runs of ids between excluded ones, so that an op over a row of logits steps over those. The array grows and is kept.
final class Runs {
    /// What is excluded, in ascending order; an id may be there twice.
    private int[] excluded = {};
    private int excludedCount;
    private int end;

    /// The ids `[0, end)` without two lists of them.
    void set(int end, int[] first, int[] second) {
        this.end = end;
        excludedCount = first.length + second.length;
        if (excluded.length < excludedCount) {
            excluded = new int[excludedCount];
        }
        System.arraycopy(first, 0, excluded, 0, first.length);
        System.arraycopy(second, 0, excluded, first.length, second.length);
        Arrays.sort(excluded, 0, excludedCount);
    }

    int count() {
        return excludedCount + 1;
    }

    /// Start of the `i`-th run; runs may be empty.
    int from(int i) {
        return i == 0 ? 0 : excluded[i - 1] + 1;
    }

    /// End of the `i`-th run, not before its start even where an id is excluded twice.
    int to(int i) {
        return i == excludedCount ? end : Math.max(excluded[i], from(i));
    }

    /// Whether an id in `[0, end)` is in a run.
    boolean contains(int id) {
        return Arrays.binarySearch(excluded, 0, excludedCount, id) < 0;
    }
}
