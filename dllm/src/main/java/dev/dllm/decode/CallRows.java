package dev.dllm.decode;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import dev.dllm.model.LayerControl;
import dev.dllm.runtime.KeyGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The rows of one call: those that a cache policy planned for the canvas, and copies.
///
/// @param plan   of all rows
/// @param tokens of each row
/// @param parts  row that predicts each position, -1 where there is none: of the canvas, then of each copy; [Copies.Drafts] stand
///               instead of the canvas
record CallRows(ForwardPlan plan, int[] tokens, List<int[]> parts) {

    /// What the rows of a model predict.
    ///
    /// @param shifted whether the row of position i predicts position i + 1
    /// @param masked  whether a position of the canvas holds a mask
    record Prediction(boolean shifted, IntPredicate masked) {

        /// The rows that predict each position. One whose predecessor is not computed is predicted by its own row, as references do that
        /// shift inside a window: it is one that was committed already.
        ///
        /// @param rows of each position, -1 where there is none
        int[] by(int[] rows) {
            int[] predicting = rows.clone();
            for (int position = 1; shifted && position < rows.length; position++) {
                if (rows[position - 1] >= 0 || masked.test(position)) {
                    predicting[position] = rows[position - 1];
                }
            }
            return predicting;
        }
    }

    /// The rows of the canvas alone.
    static CallRows of(ForwardPlan plan, int[] canvas, Prediction prediction) {
        return new CallRows(
                plan, tokens(plan.positions(), canvas), List.of(prediction.by(rows(plan.positions(), canvas.length))));
    }

    /// The rows of the canvas, or of what stands instead of it, with copies.
    ///
    /// @throws IllegalArgumentException if the plan decides layer by layer, which copies know nothing of
    static CallRows of(
            ForwardPlan plan, int[] canvas, Prediction prediction, Copies copies, AttentionPattern pattern, int maskId) {
        return switch (copies) {
            case Copies.Drafts drafts -> drafted(plan, canvas, prediction, drafts, pattern);
            case Copies.Shadow shadow -> shadowed(plan, canvas, prediction, shadow, maskId);
            case Copies.Continuations continuations -> continued(plan, canvas, prediction, continuations);
        };
    }

    /// Slots that the table needs.
    int slots() {
        return Arrays.stream(plan.slots()).max().orElse(0) + 1;
    }

    private static CallRows drafted(
            ForwardPlan plan, int[] canvas, Prediction prediction, Copies.Drafts drafts, AttentionPattern pattern) {
        Span span = drafts.span();
        Builder builder = new Builder(plan);
        List<Integer> shared = new ArrayList<>();
        List<Integer> drafted = new ArrayList<>();
        BitSet[] visible = visible(plan);
        for (int row = 0; row < visible.length; row++) {
            int next = visible[row].nextSetBit(span.start());
            (next >= 0 && next < span.end() ? drafted : shared).add(row);
        }
        int[] planned = rows(plan.positions(), canvas.length);
        BitSet replaced = new BitSet();
        drafted.forEach(row -> replaced.set(plan.positions()[row]));
        BitSet ofSpan = visible[rowOf(span, planned)];
        int[] added = IntStream.range(span.start(), span.end()).filter(position -> planned[position] < 0).toArray();
        Arrays.stream(added).forEach(replaced::set);

        int[] sharedRows = new int[canvas.length];
        Arrays.fill(sharedRows, -1);
        for (int row : shared) {
            int position = plan.positions()[row];
            sharedRows[position] = builder.add(position, plan.slots()[row], canvas[position], visible[row]);
        }
        List<int[]> parts = new ArrayList<>();
        int firstSlot = canvas.length;
        for (int[] tokens : drafts.tokens()) {
            int[] draft = canvas.clone();
            System.arraycopy(tokens, 0, draft, span.start(), tokens.length);
            int[] part = sharedRows.clone();
            int endSlot = firstSlot + replaced.cardinality();
            int slot = firstSlot;
            for (int position = replaced.nextSetBit(0); position >= 0; position = replaced.nextSetBit(position + 1)) {
                BitSet seen = (BitSet) (planned[position] < 0 ? ofSpan : visible[planned[position]]).clone();
                int own = firstSlot;
                BitSet copied = new BitSet();
                for (int other = replaced.nextSetBit(0); other >= 0; other = replaced.nextSetBit(other + 1)) {
                    boolean addedAndSeen = planned[other] < 0 && other < pattern.visibleEnd(position, canvas.length);
                    copied.set(own++, seen.get(other) || addedAndSeen);
                }
                seen.andNot(replaced);
                seen.or(copied);
                part[position] = builder.add(position, slot++, draft[position], seen);
            }
            firstSlot = endSlot;
            parts.add(prediction.by(part));
        }
        return new CallRows(builder.plan(), builder.tokens(), parts);
    }

    private static CallRows shadowed(
            ForwardPlan plan, int[] canvas, Prediction prediction, Copies.Shadow shadow, int maskId) {
        Span span = shadow.span();
        Builder builder = new Builder(plan);
        BitSet[] visible = visible(plan);
        for (int row = 0; row < visible.length; row++) {
            builder.add(plan.positions()[row], plan.slots()[row], canvas[plan.positions()[row]], visible[row]);
        }
        int[] planned = rows(plan.positions(), canvas.length);
        int[] part = new int[canvas.length];
        Arrays.fill(part, -1);
        for (int position = span.start(); position < span.end(); position++) {
            BitSet seen = (BitSet) visible[planned[position] < 0 ? rowOf(span, planned) : planned[position]].clone();
            seen.clear(position);
            seen.set(canvas.length, canvas.length + span.length());
            part[position] = builder.add(position, canvas.length + position - span.start(), maskId, seen);
        }
        return new CallRows(builder.plan(), builder.tokens(), List.of(prediction.by(planned), prediction.by(part)));
    }

    private static CallRows continued(
            ForwardPlan plan, int[] canvas, Prediction prediction, Copies.Continuations continuations) {
        int start = continuations.start();
        Builder builder = new Builder(plan);
        BitSet[] visible = visible(plan);
        for (int row = 0; row < visible.length; row++) {
            builder.add(plan.positions()[row], plan.slots()[row], canvas[plan.positions()[row]], visible[row]);
        }
        int[] planned = rows(plan.positions(), canvas.length);
        int[] own = prediction.by(planned);
        own[start] = planned[start - 1];
        List<int[]> parts = new ArrayList<>(List.of(own));
        int slot = canvas.length;
        for (Copies.Continuation text : continuations.texts()) {
            int[] part = new int[canvas.length];
            Arrays.fill(part, -1);
            int firstSlot = slot;
            int endSlot = firstSlot + text.tokens().length;
            for (int position = start; slot < endSlot; position++, slot++) {
                boolean reads = position < start + text.read();
                BitSet seen = new BitSet();
                seen.set(0, start);
                seen.set(firstSlot, reads ? slot + 1 : endSlot);
                int row = builder.add(position, slot, text.tokens()[position - start], seen);
                int predicted = reads || prediction.shifted() ? position + 1 : position;
                if (predicted < canvas.length && (!reads || text.read() == text.tokens().length)) {
                    part[predicted] = row;
                }
            }
            parts.add(part);
        }
        return new CallRows(builder.plan(), builder.tokens(), parts);
    }

    private static int[] tokens(int[] positions, int[] canvas) {
        return Arrays.stream(positions).map(position -> canvas[position]).toArray();
    }

    private static int[] rows(int[] positions, int length) {
        int[] rows = new int[length];
        Arrays.fill(rows, -1);
        for (int row = 0; row < positions.length; row++) {
            rows[positions[row]] = row;
        }
        return rows;
    }

    /// The last computed row of a span: what it sees is what rows see that a policy left out.
    private static int rowOf(Span span, int[] planned) {
        return IntStream.range(span.start(), span.end())
                .map(position -> planned[position])
                .max()
                .orElseThrow();
    }

    /// The slots that each row sees.
    private static BitSet[] visible(ForwardPlan plan) {
        BitSet[] visible = new BitSet[plan.positions().length];
        for (KeyGroup group : plan.groups()) {
            Arrays.fill(visible, group.firstRow(), group.firstRow() + group.rowCount(), group.slots());
        }
        return visible;
    }

    /// A plan, row by row. Rows of the same visibility share a group if they follow each other.
    private static final class Builder {
        private final ForwardPlan original;
        private final IntStream.Builder positions = IntStream.builder();
        private final IntStream.Builder slots = IntStream.builder();
        private final IntStream.Builder tokens = IntStream.builder();
        private final List<KeyGroup> groups = new ArrayList<>();
        private BitSet visible = new BitSet();
        private int groupStart;
        private int count;

        Builder(ForwardPlan original) {
            if (original.control() != LayerControl.NONE) {
                throw new IllegalArgumentException("a cache that decides layer by layer cannot go with drafts or shadows: it knows "
                        + "the canvas only; accepted here: a cache that plans whole calls");
            }
            this.original = original;
        }

        int add(int position, int slot, int token, BitSet seen) {
            if (!seen.equals(visible)) {
                endGroup();
                visible = seen;
            }
            positions.add(position);
            slots.add(slot);
            tokens.add(token);
            return count++;
        }

        ForwardPlan plan() {
            endGroup();
            return new ForwardPlan(
                    positions.build().toArray(), slots.build().toArray(), groups, new int[0], original.control());
        }

        int[] tokens() {
            return tokens.build().toArray();
        }

        private void endGroup() {
            if (count > groupStart) {
                groups.add(new KeyGroup(groupStart, count - groupStart, 0, KeyGroup.ranges(visible)));
                groupStart = count;
            }
        }
    }
}
