package dev.dllm.model;

import dev.dllm.runtime.Indices;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The rows of a batch that one layer computes, one sequence after another.
final class ComputedRows {
    private final List<SequenceForward> batch;
    private final int[][] rows;
    private final int[] firsts;
    private final int count;

    /// @param rows of each sequence: indices into its plan's positions, ascending
    ComputedRows(List<SequenceForward> batch, int[][] rows) {
        this.batch = batch;
        this.rows = rows;
        firsts = new int[rows.length];
        int computed = 0;
        for (int s = 0; s < rows.length; s++) {
            firsts[s] = computed;
            computed += rows[s].length;
        }
        count = computed;
    }

    /// Every row that the plans name.
    static ComputedRows all(List<SequenceForward> batch) {
        int[][] rows = new int[batch.size()][];
        for (int s = 0; s < rows.length; s++) {
            rows[s] = all(batch.get(s));
        }
        return new ComputedRows(batch, rows);
    }

    static int[] all(SequenceForward sequence) {
        return IntStream.range(0, sequence.plan().positions().length).toArray();
    }

    /// How many there are.
    int count() {
        return count;
    }

    /// The part of `x`, which has a row per computed row, that belongs to one sequence.
    Tensor of(int sequence, Tensor x) {
        return x.rows(firsts[sequence], firsts[sequence] + rows[sequence].length);
    }

    /// Where the keys and values of one sequence's computed rows belong.
    Indices slots(int sequence) {
        int[] slots = batch.get(sequence).plan().slots();
        return isWhole(sequence) ? Indices.of(slots) : Indices.of(IntStream.of(rows[sequence]).map(row -> slots[row]).toArray());
    }

    /// A row per computed row of `out`, from `x`, which has a row per planned row.
    void gather(Ops ops, Tensor out, Tensor x) {
        int[] indices = new int[count];
        int first = 0;
        int next = 0;
        for (int s = 0; s < rows.length; s++) {
            for (int row : rows[s]) {
                indices[next++] = first + row;
            }
            first += batch.get(s).plan().positions().length;
        }
        ops.gatherRows(out, x, Indices.of(indices));
    }

    /// The plan's groups of one sequence without the rows that are left out.
    List<KeyGroup> groups(int sequence) {
        List<KeyGroup> planned = batch.get(sequence).plan().groups();
        if (isWhole(sequence)) {
            return planned;
        }
        List<KeyGroup> kept = new ArrayList<>();
        int first = 0;
        for (KeyGroup group : planned) {
            int end = first;
            while (end < rows[sequence].length && rows[sequence][end] < group.firstRow() + group.rowCount()) {
                end++;
            }
            if (end > first) {
                kept.add(new KeyGroup(first, end - first, 0, group.ranges()));
            }
            first = end;
        }
        return kept;
    }

    private boolean isWhole(int sequence) {
        return rows[sequence].length == batch.get(sequence).plan().positions().length;
    }

    /// First computed row of a sequence.
    int firstRow(int sequence) {
        return firsts[sequence];
    }
}
