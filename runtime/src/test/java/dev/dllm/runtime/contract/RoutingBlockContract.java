package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.contract.Operand.Fill;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// `route` with routing blocks.
abstract class RoutingBlockContract extends Contract {
    private static final RouterSpec LLADA22 = new RouterSpec(Scoring.SIGMOID, 8, 1, 1, true, 2.5f, 48);

    RoutingBlockContract(IntFunction<Backend> open) {
        super(open);
    }

    /// Two sequences of 40 and 33 positions in blocks of 32, each with a short last block.
    @Test
    void publishedForm() {
        for (Layout layout : Layout.values()) {
            check(new RouteCase(73, 256, LLADA22, 0, 32, 40, 72), true, layout);
        }
    }

    @Test
    void everyCombination() {
        int[][] blocks = {{0}, {0, 1}, {0, 4, 5, 8}, {0, 1, 2, 3, 4, 5, 6, 7, 8}};
        for (Scoring scoring : Scoring.values()) {
            for (boolean biased : new boolean[] {false, true}) {
                for (int experts : Sizes.AWKWARD) {
                    int topK = Math.min(experts, 1 + experts % 5);
                    int capacity = topK + experts % 4;
                    RouterSpec spec = new RouterSpec(scoring, topK, 1, 1, experts % 2 == 0, 1.5f, capacity);
                    for (int[] starts : blocks) {
                        check(new RouteCase(9, experts, spec, starts), biased, Layout.COLUMN_SLICE);
                    }
                }
            }
        }
    }

    /// By hand: experts count 4, 3, 2, 5 in the block of both rows, so the first and the last are admitted; a row alone admits
    /// its own two best.
    @Test
    void whatTheBlockDoesNotAdmitIsNotChosen() {
        float[][] logits = {{4, 1, 0, 0.5f}, {0, 3, 2, 5}};
        for (Scoring scoring : Scoring.values()) {
            RouterSpec spec = new RouterSpec(scoring, 2, 1, 1, true, 1, 2);
            Fill fill = (i, e) -> logits[i][e];
            assertArrayEquals(new int[][] {{0, 3}, {3, 0}}, ids(new RouteCase(2, 4, spec, 0), fill, null));
            assertArrayEquals(new int[][] {{0, 1}, {3, 1}}, ids(new RouteCase(2, 4, spec, 0, 1), fill, null));
        }
    }

    /// The bias takes part in what a block admits.
    @Test
    void biasAdmits() {
        RouterSpec spec = new RouterSpec(Scoring.SIGMOID, 2, 1, 1, true, 1, 2);
        assertArrayEquals(
                new int[][] {{1, 2}, {1, 2}},
                ids(new RouteCase(2, 4, spec, 0), (_, e) -> 3 - e, (_, e) -> e == 1 || e == 2 ? 2 : 0));
    }

    /// Equal scores: the lower expert is admitted, and comes first.
    @Test
    void ties() {
        for (Scoring scoring : Scoring.values()) {
            RouterSpec spec = new RouterSpec(scoring, 3, 1, 1, true, 1, 7);
            assertArrayEquals(
                    new int[][] {{0, 1, 2}, {0, 1, 2}, {0, 1, 2}}, ids(new RouteCase(3, 40, spec, 0, 2), (_, _) -> 0.25f, null));
            check("few values", new RouteCase(20, 40, spec, 0, 7, 14), (i, e) -> (i * 7 + e * 5) % 4, null);
            // The sigmoid of all of these is 1.
            check("saturated", new RouteCase(20, 40, spec, 0, 7, 14), (i, e) -> 100 + (i * 7 + e * 5) % 4, null);
        }
    }

    @Test
    void roomForEveryExpertIsPlainRouting() {
        for (Scoring scoring : Scoring.values()) {
            for (int capacity : new int[] {44, 45, 1000}) {
                float[][] plain = rows(new RouteCase(11, 44, new RouterSpec(scoring, 6, 1, 1, true, 1)));
                float[][] roomy = rows(new RouteCase(11, 44, new RouterSpec(scoring, 6, 1, 1, true, 1, capacity), 0, 5));
                assertArrayEquals(plain, roomy, scoring + ", capacity " + capacity);
            }
        }
    }

    /// The law of rows, for blocks: their bits depend on the block alone.
    @Test
    void blocksAloneAndTwoThreadsHaveTheBitsOfTheBatch() {
        RouteCase shape = new RouteCase(73, 256, LLADA22, 0, 32, 40, 72);
        try (Backend two = open(2);
                Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, shape.toString())) {
            RouteCase.Run run = shape.on(operands, true);
            run.subject(subject());
            float[][] batch = rows(run);
            operands.restore();
            run.subject(subject(), 0, 32, 0);
            run.subject(subject(), 32, 40, 0);
            run.subject(subject(), 40, 73, 0, 32);
            assertArrayEquals(batch, rows(run), "parts");
            for (int repeat = 0; repeat < 20; repeat++) {
                operands.restore();
                run.subject(two.ops());
                assertArrayEquals(batch, rows(run), "two threads");
            }
        }
    }

    /// No row chooses if the bias is broken; what is written stays in range.
    @Test
    void brokenBias() {
        for (int[] row : ids(new RouteCase(3, 64, LLADA22, 0), (_, e) -> e, (_, e) -> e < 3 ? 0 : Float.NaN)) {
            for (int id : row) {
                assertTrue(id >= 0 && id < 64, "id " + id);
            }
        }
    }

    private void check(RouteCase shape, boolean biased, Layout layout) {
        try (Operands operands = new Operands(backend(), layout, shape.toString())) {
            check(operands, shape.on(operands, biased));
        }
    }

    private void check(String name, RouteCase shape, Fill logits, @Nullable Fill bias) {
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, name + ", " + shape)) {
            check(operands, shape.on(operands, logits, bias));
        }
    }

    private void check(Operands operands, RouteCase.Run run) {
        run.reference(reference);
        run.subject(subject());
        operands.verify(Tolerance.sum(run.shape().experts()));
    }

    /// What the backend chooses.
    private int[][] ids(RouteCase shape, Fill logits, @Nullable Fill bias) {
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, shape.toString())) {
            RouteCase.Run run = shape.on(operands, logits, bias);
            run.subject(subject());
            Tensor ids = run.ids().result();
            int[][] rows = new int[ids.rows()][ids.cols()];
            for (int i = 0; i < rows.length; i++) {
                int row = i;
                Arrays.setAll(rows[i], j -> (int) ids.get(row, j));
            }
            return rows;
        }
    }

    /// Ids and gates of each row, for logits that depend on the shape of the logits alone.
    private float[][] rows(RouteCase shape) {
        String label = "%d rows of %d".formatted(shape.rows(), shape.experts());
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, label)) {
            RouteCase.Run run = shape.on(operands, true);
            run.subject(subject());
            return rows(run);
        }
    }

    private static float[][] rows(RouteCase.Run run) {
        float[][] rows = new float[run.shape().rows()][];
        Arrays.setAll(rows, i -> OpCall.row(List.of(run.ids(), run.gates()), i));
        return rows;
    }
}
