package dev.dllm.model;

import dev.dllm.runtime.KeyGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// What one sequence asks of one forward: which positions are computed, what each of them may see, and whose logits are
/// wanted. A cache policy makes it; the forward obeys it.
///
/// The keys and values of every computed row are written to its slot of the table before anyone attends, so a range may
/// cover rows of this forward and rows kept from earlier ones alike.
///
/// @param positions  of the rows that are computed: where each stands in the text. Two rows may share one
/// @param slots      of their keys and values in the table, all different. A row's slot is its position, unless it is a
///                   copy that must not replace the row kept there
/// @param groups     rows of this sequence in order, each with the slots it sees; the sequence index is always 0
/// @param logitsRows rows (indices into `positions`) whose logits are wanted, in any order
/// @param control    what is decided layer by layer
public record ForwardPlan(
        int[] positions, int[] slots, List<KeyGroup> groups, int[] logitsRows, LayerControl control) {

    public ForwardPlan {
        groups = List.copyOf(groups);
        if (positions.length == 0 || slots.length != positions.length) {
            throw new IllegalArgumentException("a forward needs at least one position and a slot for each; found "
                    + positions.length + " and " + slots.length);
        }
    }

    /// Computes these positions, each in its own slot, and wants no logits.
    public static ForwardPlan of(int[] positions, List<KeyGroup> groups) {
        return new ForwardPlan(positions, positions, groups, new int[0], LayerControl.NONE);
    }

    /// Computes the positions `[from, to)`, each seeing from 0 to where `visibleEnd` says, and wants no logits.
    public static ForwardPlan range(int from, int to, IntUnaryOperator visibleEnd) {
        return at(IntStream.range(from, to).toArray(), visibleEnd);
    }

    /// Computes some positions, ascending, each seeing from 0 to where `visibleEnd` says, and wants no logits.
    public static ForwardPlan at(int[] positions, IntUnaryOperator visibleEnd) {
        List<KeyGroup> groups = new ArrayList<>();
        int first = 0;
        for (int row = 1; row <= positions.length; row++) {
            int end = visibleEnd.applyAsInt(positions[first]);
            if (row == positions.length || visibleEnd.applyAsInt(positions[row]) != end) {
                groups.add(new KeyGroup(first, row - first, 0, new int[] {0, end}));
                first = row;
            }
        }
        return of(positions, groups);
    }

    /// The same computation with logits for these rows.
    public ForwardPlan withLogitsRows(int... rows) {
        return new ForwardPlan(positions, slots, groups, rows, control);
    }

    /// The same computation under another control.
    public ForwardPlan withControl(LayerControl control) {
        return new ForwardPlan(positions, slots, groups, logitsRows, control);
    }
}
