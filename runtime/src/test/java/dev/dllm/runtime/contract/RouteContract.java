package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.contract.Operand.Fill;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// `route` against the reference.
abstract class RouteContract extends Contract {
    private static final RouterSpec LLADA2 = new RouterSpec(Scoring.SIGMOID, 8, 8, 4, true, 2.5f);
    private static final RouterSpec LLADA_MOE = new RouterSpec(Scoring.SOFTMAX, 8, 1, 1, false, 1);

    RouteContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void publishedForms() {
        for (Layout layout : Layout.values()) {
            check(33, 256, LLADA2, true, layout);
            check(33, 64, LLADA_MOE, false, layout);
        }
    }

    @Test
    void everyCombination() {
        for (Scoring scoring : Scoring.values()) {
            for (boolean normalize : new boolean[] {false, true}) {
                for (boolean biased : new boolean[] {false, true}) {
                    for (int experts : Sizes.AWKWARD) {
                        int topK = Math.min(experts, 1 + experts % 7);
                        check(5, experts, new RouterSpec(scoring, topK, 1, 1, normalize, 1.5f), biased,
                                Layout.COLUMN_SLICE);
                    }
                    check(9, 60, new RouterSpec(scoring, 5, 6, 2, normalize, 1), biased, Layout.CONTIGUOUS);
                    check(9, 16, new RouterSpec(scoring, 4, 8, 2, normalize, 1), biased, Layout.CONTIGUOUS);
                    check(9, 16, new RouterSpec(scoring, 16, 4, 4, normalize, 1), biased, Layout.CONTIGUOUS);
                }
            }
        }
    }

    /// Equal logits: the lower expert, and the lower group, come first.
    @Test
    void ties() {
        for (Scoring scoring : Scoring.values()) {
            check("equal", 3, 40, new RouterSpec(scoring, 6, 1, 1, true, 1), (_, _) -> 0.25f, null);
            check("equal", 3, 40, new RouterSpec(scoring, 6, 4, 2, true, 1), (_, _) -> 0.25f, null);
            check("few values", 20, 40, new RouterSpec(scoring, 9, 1, 1, true, 1), (i, e) -> (i * 7 + e * 5) % 4, null);
            check("few values", 20, 40, new RouterSpec(scoring, 9, 5, 3, false, 1), (i, e) -> (i * 7 + e * 5) % 3,
                    (_, e) -> e % 2 * 0.5f);
        }
    }

    /// The bias can lift an expert over all others without touching its gate.
    @Test
    void biasOnlyChooses() {
        check("bias", 4, 24, new RouterSpec(Scoring.SIGMOID, 3, 1, 1, false, 1), (_, e) -> (e - 12) / 8f,
                (_, e) -> e == 2 ? 9 : 0);
    }

    /// Scores down to zero, where the sum of the chosen vanishes as well.
    @Test
    void vanishingScores() {
        check("all small", 2, 12, new RouterSpec(Scoring.SIGMOID, 3, 1, 1, true, 2), (_, e) -> -60 - e, null);
        check("a few excluded", 2, 12, new RouterSpec(Scoring.SOFTMAX, 3, 1, 1, true, 2),
                (_, e) -> e % 2 == 0 ? Float.NEGATIVE_INFINITY : e / 8f, null);
    }

    /// A row with a NaN gets ids in range and NaN gates; its neighbours are not disturbed.
    @Test
    void nanRows() {
        for (RouterSpec spec : new RouterSpec[] {
            new RouterSpec(Scoring.SIGMOID, 5, 1, 1, true, 1),
            new RouterSpec(Scoring.SIGMOID, 5, 4, 2, false, 1),
            new RouterSpec(Scoring.SOFTMAX, 5, 1, 1, false, 1),
            new RouterSpec(Scoring.SIGMOID, 5, 1, 1, true, 1, 9),
            new RouterSpec(Scoring.SOFTMAX, 5, 1, 1, true, 1, 9)
        }) {
            for (int nans : new int[] {1, 3, 44}) {
                nanRows(spec, nans);
            }
        }
    }

    private void nanRows(RouterSpec spec, int nans) {
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, spec + " with " + nans + " NaNs")) {
            RouteCase.Run run = new RouteCase(3, 44, spec, spec.capacity() > 0 ? new int[] {0} : new int[0]).on(
                    operands, (i, e) -> i == 1 && e >= 44 - nans ? Float.NaN : operands.uniform(), null);
            run.reference(reference);
            run.subject(subject());
            Tensor chosen = run.ids().result();
            Tensor weights = run.gates().result();
            for (int j = 0; j < spec.topK(); j++) {
                float id = chosen.get(1, j);
                assertTrue(id >= 0 && id < 44, operands.label() + ": id " + id);
                assertTrue(Float.isNaN(weights.get(1, j)), operands.label() + ": gate " + weights.get(1, j));
                for (int i = 0; i < 3; i += 2) {
                    assertEquals(run.ids().reference().get(i, j), chosen.get(i, j), operands.label());
                    Tolerance.sum(44).check(operands.label(), run.gates().reference().get(i, j), weights.get(i, j));
                }
            }
        }
    }

    private void check(int rows, int experts, RouterSpec spec, boolean biased, Layout layout) {
        RouteCase shape = new RouteCase(rows, experts, spec);
        try (Operands operands = new Operands(backend(), layout, shape.toString())) {
            check(operands, shape.on(operands, biased));
        }
    }

    private void check(String name, int rows, int experts, RouterSpec spec, Fill logits, @Nullable Fill bias) {
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, name + ", " + spec)) {
            check(operands, new RouteCase(rows, experts, spec).on(operands, logits, bias));
        }
    }

    private void check(Operands operands, RouteCase.Run run) {
        run.reference(reference);
        run.subject(subject());
        operands.verify(Tolerance.sum(run.shape().experts()));
    }
}
