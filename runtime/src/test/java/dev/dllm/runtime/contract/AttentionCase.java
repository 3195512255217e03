package dev.dllm.runtime.contract;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.contract.Operand.Fill;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One case of `attention`. Table rows that no group sees hold NaN, so that a key too many shows.
///
/// @param heads   query heads
/// @param kvHeads key heads, a divisor of `heads`
/// @param slots   rows of each sequence's table
/// @param groups  which rows see what
record AttentionCase(int heads, int kvHeads, int headDim, int[] slots, List<KeyGroup> groups) {

    int rows() {
        return groups.stream().mapToInt(KeyGroup::rowCount).sum();
    }

    /// The longest reduction of any row.
    int longest() {
        return headDim + groups.stream().mapToInt(KeyGroup::keyCount).max().orElse(0);
    }

    /// With random numbers in [−1, 1).
    Run on(Operands operands, float scale) {
        return on(operands, scale, (_, _) -> operands.uniform(), (_, _) -> operands.uniform());
    }

    /// With the given queries and keys, and random values.
    Run on(Operands operands, float scale, Fill query, Fill key) {
        Operand out = operands.destination(rows(), heads * headDim);
        Operand q = operands.source(DType.F32, rows(), heads * headDim, query);
        List<KeyValues> reference = new ArrayList<>();
        List<KeyValues> subject = new ArrayList<>();
        for (int s = 0; s < slots.length; s++) {
            boolean[] seen = seen(s);
            Operand keys = operands.source(
                    DType.F32, slots[s], kvHeads * headDim, (slot, c) -> seen[slot] ? key.at(slot, c) : Float.NaN);
            Operand values = operands.source(DType.F32, slots[s], kvHeads * headDim,
                    (slot, _) -> seen[slot] ? operands.uniform() : Float.NaN);
            reference.add(new KeyValues(keys.reference(), values.reference()));
            subject.add(new KeyValues(keys.subject(), values.subject()));
        }
        return new Run(this, out, q, reference, subject, scale);
    }

    private boolean[] seen(int sequence) {
        boolean[] seen = new boolean[slots[sequence]];
        for (KeyGroup group : groups) {
            for (int i = 0; group.sequence() == sequence && i < group.ranges().length; i += 2) {
                Arrays.fill(seen, group.ranges()[i], group.ranges()[i + 1], true);
            }
        }
        return seen;
    }

    @Override
    public String toString() {
        return "attention of %d rows, %d heads of %d over %d, tables %s, %s".formatted(rows(), heads, headDim, kvHeads,
                Arrays.toString(slots),
                groups.stream().map(g -> g.rowCount() + " rows see " + Arrays.toString(g.ranges())).toList());
    }

    /// A case with its operands.
    record Run(AttentionCase shape, Operand out, Operand q, List<KeyValues> reference, List<KeyValues> subject,
            float scale) {

        void subject(Ops ops) {
            subject(ops, shape.groups());
        }

        /// With other groups that cover the same rows.
        void subject(Ops ops, List<KeyGroup> groups) {
            ops.attention(out.subject(), q.subject(), shape.headDim(), subject, groups, scale);
        }

        void reference(Ops ops) {
            ops.attention(out.reference(), q.reference(), shape.headDim(), reference, shape.groups(), scale);
        }
    }
}
