package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.KeyGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `attention` against the reference.
abstract class AttentionContract extends Contract {
    private static final int[] HEAD_DIMS = {8, 20, 32, 64, 96, 128};

    AttentionContract(IntFunction<Backend> open) {
        super(open);
    }

    /// Every row sees every slot.
    @Test
    void bidirectional() {
        for (int headDim : HEAD_DIMS) {
            for (int keysPerRow : Sizes.AWKWARD) {
                check(new AttentionCase(4, 2, headDim, new int[] {keysPerRow}, List.of(group(0, 5, 0, 0, keysPerRow))));
            }
        }
    }

    @Test
    void rowsPerGroup() {
        for (int rows : Sizes.ROWS) {
            check(new AttentionCase(2, 1, 32, new int[] {40}, List.of(group(0, rows, 0, 3, 38))));
        }
    }

    @Test
    void groupedHeads() {
        for (int queriesPerKey : new int[] {1, 2, 3, 4, 8}) {
            for (int headDim : HEAD_DIMS) {
                for (int kvHeads : new int[] {1, 3}) {
                    check(new AttentionCase(queriesPerKey * kvHeads, kvHeads, headDim, new int[] {30},
                            List.of(group(0, 6, 0, 0, 30))));
                }
            }
        }
    }

    /// Longer than any tile.
    @Test
    void hundredsOfKeys() {
        for (int headDim : HEAD_DIMS) {
            check(new AttentionCase(4, 2, headDim, new int[] {700},
                    List.of(group(0, 9, 0, 0, 700), group(9, 2, 0, 1, 514))));
        }
    }

    /// A single key gets all the weight, wherever it is.
    @Test
    void singleKey() {
        for (int slot : new int[] {0, 1, 7, 16, 29}) {
            check(new AttentionCase(4, 1, 20, new int[] {30}, List.of(group(0, 3, 0, slot, slot + 1))));
        }
    }

    @Test
    void severalRanges() {
        check(new AttentionCase(4, 2, 32, new int[] {64}, List.of(
                group(0, 3, 0, 0, 3, 5, 6, 9, 40),
                group(3, 5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 63, 64),
                group(8, 1, 0, 0, 17, 17, 33, 50, 51))));
        check(new AttentionCase(2, 2, 20, new int[] {900}, List.of(
                group(0, 7, 0, 2, 300, 301, 302, 310, 899),
                group(7, 4, 0, 5, 133, 200, 201))));
    }

    /// A row per group: row i sees slots 0 … i.
    @Test
    void causal() {
        List<KeyGroup> groups = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            groups.add(group(i, 1, 0, 0, i + 1));
        }
        check(new AttentionCase(4, 4, 32, new int[] {40}, groups));
    }

    /// Sequences of different lengths, each with its own rows, one of them twice and one not at all.
    @Test
    void raggedSequences() {
        check(new AttentionCase(4, 2, 64, new int[] {3, 150, 1, 41}, List.of(
                group(0, 4, 1, 0, 150),
                group(4, 1, 0, 0, 3),
                group(5, 6, 3, 2, 9, 20, 41),
                group(11, 2, 1, 7, 100))));
    }

    /// Whole numbers and a scale that is a power of two: the scores are exact, so only the softmax is on trial.
    @Test
    void largeScores() {
        for (float size : new float[] {8, 64, 1024}) {
            for (int keyCount : new int[] {5, 33, 200}) {
                check(exact(keyCount), 0.5f, size, false);
                check(exact(keyCount), 0.5f, size, true);
            }
        }
    }

    /// All scores of a row are equal, and as far down or up as a float goes: the result is the mean.
    @Test
    void equalScoresAtTheEndsOfTheRange() {
        for (float score : new float[] {-1e38f, -1e30f, -1e9f, -12345, 12345, 1e9f, 1e30f, 1e38f}) {
            for (int keyCount : new int[] {1, 9, 200}) {
                AttentionCase shape = exact(keyCount);
                String label = shape + " scores " + score;
                try (Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, label)) {
                    AttentionCase.Run run = shape.on(operands, 1,
                            (_, c) -> c % shape.headDim() == 2 ? score : 0, (_, c) -> c % shape.headDim() == 2 ? 1 : 0);
                    run.reference(reference);
                    run.subject(subject());
                    operands.verify(Tolerance.sum(shape.longest()));
                }
            }
        }
    }

    private static AttentionCase exact(int keyCount) {
        return new AttentionCase(4, 2, 20, new int[] {keyCount + 2}, List.of(group(0, 6, 0, 1, keyCount + 1)));
    }

    private void check(AttentionCase shape) {
        for (Layout layout : Layout.values()) {
            try (Operands operands = new Operands(backend(), layout, shape.toString())) {
                AttentionCase.Run run = shape.on(operands, (float) (1 / Math.sqrt(shape.headDim())));
                run.reference(reference);
                run.subject(subject());
                operands.verify(Tolerance.sum(shape.longest()));
            }
        }
    }

    /// With whole numbers up to `size`; with `negative` every score is far below zero.
    private void check(AttentionCase shape, float scale, float size, boolean negative) {
        String label = "%s whole numbers to %s%s".formatted(shape, size, negative ? ", negative" : "");
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, label)) {
            AttentionCase.Run run = shape.on(operands, scale,
                    (_, _) -> Math.round(negative ? size : size * operands.uniform()),
                    (_, _) -> negative ? -size - operands.below(3) : Math.round(size * operands.uniform()));
            run.reference(reference);
            run.subject(subject());
            operands.verify(Tolerance.sum(shape.longest()));
        }
    }

    private static KeyGroup group(int firstRow, int rows, int sequence, int... ranges) {
        return new KeyGroup(firstRow, rows, sequence, ranges);
    }
}
