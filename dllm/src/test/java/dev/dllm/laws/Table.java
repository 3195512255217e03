package dev.dllm.laws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.LayerControl;
import dev.dllm.model.LayerView;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.KeyGroup;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// Which slots of one key/value table have been written, layer by layer, and checks that a forward
///
/// - computes every position of the canvas at most once, from the token that stands there, and writes it to its own slot;
/// - sees nothing but what this call or an earlier one has written, its own slot always;
/// - sees no position that the attention pattern hides, and no copy of an earlier call; in a causal context, sees what is before it
///   alone, or all that is decoded;
/// - asks for logits of its own rows only.
final class Table {
    private final int layers;
    private final BitSet[] written;
    private int[] stored = {};

    Table(int layers) {
        this.layers = layers;
        written = new BitSet[layers];
        clear();
    }

    /// Nothing is stored any more: the positions have moved.
    void clear() {
        Arrays.setAll(written, _ -> new BitSet());
    }

    /// Checks a forward and remembers what it writes.
    ///
    /// @param canvas as this view of it is to be seen
    /// @return the forward to run, whose layer by layer decisions are checked too
    SequenceForward watched(SequenceForward asked, int[] canvas, AttentionPattern pattern) {
        int[] positions = asked.plan().positions();
        int[] slots = asked.plan().slots();
        assertEquals(canvas.length, asked.length(), "length of the canvas");
        stored = Arrays.copyOf(stored, Math.max(stored.length, canvas.length));
        BitSet own = new BitSet();
        int[] positionOf = new int[Arrays.stream(slots).max().orElse(0) + 1];
        for (int row = 0; row < slots.length; row++) {
            boolean copy = slots[row] >= canvas.length;
            assertTrue(positions[row] < canvas.length, () -> "a position behind the canvas");
            assertTrue(!own.get(slots[row]), () -> "a slot is written twice");
            assertTrue(copy || slots[row] == positions[row], () -> "a row stands in the slot of another position");
            own.set(slots[row]);
            if (copy) {
                positionOf[slots[row]] = positions[row];
            } else {
                assertEquals(canvas[positions[row]], asked.tokens()[row], "token of position " + positions[row]);
                stored[slots[row]] = asked.tokens()[row];
            }
        }
        for (int row : asked.plan().logitsRows()) {
            assertTrue(row >= 0 && row < positions.length, () -> "logits of a row that is not computed");
        }
        Rules rules = new Rules(asked, canvas.length, positionOf, own, pattern);
        boolean leaves = asked.plan().control().leavesRowsOut();
        for (int layer = 0; layer < layers && !leaves; layer++) {
            write(layer, own, canvas.length);
        }
        int rows = asked.plan().groups().stream().mapToInt(KeyGroup::rowCount).sum();
        assertEquals(positions.length, rows, "rows that see something");
        for (int layer = 0; layer < layers && !leaves; layer++) {
            rules.check(asked.plan().groups(), rows(positions.length), written[layer]);
        }
        LayerControl control = asked.plan().control();
        return control == LayerControl.NONE
                ? asked
                : new SequenceForward(
                        asked.tokens(), asked.length(), asked.plan().withControl(new Watch(control, rules, own)), asked.cache(),
                        asked.soft());
    }

    /// Slots that a forward sees though they hold keys and values of another token than the canvas does.
    int stale(SequenceForward asked, int[] canvas) {
        BitSet seen = new BitSet();
        asked.plan().groups().forEach(group -> seen.or(group.slots()));
        return (int) seen.stream().filter(slot -> slot < canvas.length && stored[slot] != canvas[slot]).count();
    }

    private void write(int layer, BitSet slots, int length) {
        written[layer].or(slots);
        written[layer].clear(length, Math.max(length, written[layer].length()));
    }

    private static int[] rows(int count) {
        return IntStream.range(0, count).toArray();
    }

    /// What the rows of one forward may see.
    ///
    /// @param positionOf position of the slot of each copy
    /// @param own        slots that the forward writes
    private record Rules(SequenceForward asked, int length, int[] positionOf, BitSet own, AttentionPattern pattern) {

        /// @param rows of the plan, that the groups are of, in order
        void check(List<KeyGroup> groups, int[] rows, BitSet written) {
            int next = 0;
            Set<Integer> ends = new TreeSet<>();
            for (KeyGroup group : groups) {
                assertEquals(next, group.firstRow(), "groups follow each other");
                next += group.rowCount();
                BitSet seen = group.slots();
                BitSet missing = (BitSet) seen.clone();
                missing.andNot(written);
                missing.andNot(own);
                assertTrue(missing.isEmpty(), () -> "slots " + missing + " are seen, which no call has written");
                int farthest = seen.stream().map(slot -> slot < length ? slot : positionOf[slot]).max().orElseThrow();
                boolean causal = pattern instanceof AttentionPattern.CausalContext;
                for (int row = group.firstRow(); row < next; row++) {
                    int position = asked.plan().positions()[rows[row]];
                    assertTrue(seen.get(asked.plan().slots()[rows[row]]), () -> "position " + position + " does not see itself");
                    assertTrue(causal || farthest < pattern.visibleEnd(position, length),
                            () -> "position " + position + " sees position " + farthest + ", which the attention pattern hides");
                    if (causal && asked.plan().slots()[rows[row]] < length && farthest > position) {
                        ends.add(farthest);
                    }
                }
            }
            assertTrue(ends.size() <= 1, () -> "rows that are decoded together see up to " + ends);
        }
    }

    /// Checks what is decided layer by layer.
    private final class Watch implements LayerControl {
        private final LayerControl control;
        private final Rules rules;
        private final BitSet own;
        private int[] computed;

        Watch(LayerControl control, Rules rules, BitSet own) {
            this.control = control;
            this.rules = rules;
            this.own = own;
            computed = rows(rules.asked.plan().positions().length);
        }

        @Override
        public List<KeyGroup> groups(List<KeyGroup> planned, LayerView view) {
            List<KeyGroup> groups = control.groups(planned, view);
            rules.check(groups, computed, written[view.layer()]);
            return groups;
        }

        @Override
        public boolean leavesRowsOut() {
            return control.leavesRowsOut();
        }

        @Override
        public int[] renewed(int layer) {
            return control.renewed(layer);
        }

        @Override
        public int[] computed(LayerView view) {
            computed = control.computed(view);
            BitSet slots = new BitSet();
            Arrays.stream(computed).forEach(row -> slots.set(rules.asked.plan().slots()[row]));
            write(view.layer(), slots, rules.length);
            BitSet missing = (BitSet) own.clone();
            missing.andNot(written[view.layer()]);
            assertTrue(missing.isEmpty(), () -> "layer " + view.layer() + " leaves out " + missing + ", which it never computed");
            return computed;
        }
    }
}
