package dev.dllm.kernels;

import dev.dllm.kernels.tier.Native;
import java.util.Arrays;

/// The (row, choice) pairs of some rows, sorted by expert: each expert's rows lie together and are multiplied at once.
///
/// A place is a number in the sorted order. Its arrays grow and are kept. Not thread-safe while [#sort] runs.
final class ExpertSlots {
    private int[] rows = {};
    private int[] places = {};
    private int[] starts = {};
    private int[] active = {};
    private int activeCount;

    /// Sorts the choices of rows `[first, first + count)`, of equal experts in ascending order of row.
    void sort(View ids, int first, int count, int topK, int experts) {
        reserve(count * topK, experts);
        Arrays.fill(starts, 0, experts + 1, 0);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < topK; j++) {
                starts[expert(ids, first + i, j) + 1]++;
            }
        }
        activeCount = 0;
        for (int e = 0; e < experts; e++) {
            if (starts[e + 1] > 0) {
                active[activeCount++] = e;
            }
            starts[e + 1] += starts[e];
        }
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < topK; j++) {
                int place = starts[expert(ids, first + i, j)]++;
                rows[place] = first + i;
                places[i * topK + j] = place;
            }
        }
        // Each start has moved on to the next expert's.
        System.arraycopy(starts, 0, starts, 1, experts);
        starts[0] = 0;
    }

    /// How many experts have rows.
    int activeCount() {
        return activeCount;
    }

    /// The `i`-th expert that has rows.
    int active(int i) {
        return active[i];
    }

    /// First place of an expert.
    int start(int expert) {
        return starts[expert];
    }

    /// How many rows chose an expert.
    int count(int expert) {
        return starts[expert + 1] - starts[expert];
    }

    /// The row at a place.
    int row(int place) {
        return rows[place];
    }

    /// The place of choice `j` of the `i`-th of the sorted rows.
    int place(int i, int j, int topK) {
        return places[i * topK + j];
    }

    private static int expert(View ids, int row, int j) {
        return Native.i32(ids.row(row) + j * 4L);
    }

    private void reserve(int slots, int experts) {
        if (rows.length < slots) {
            rows = new int[slots];
            places = new int[slots];
        }
        if (active.length < experts) {
            active = new int[experts];
            starts = new int[experts + 1];
        }
    }
}
