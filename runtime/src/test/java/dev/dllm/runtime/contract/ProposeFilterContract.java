package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.ProposalSpec.FilterOrder;
import dev.dllm.runtime.Proposals;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `propose` with top-k and top-p.
abstract class ProposeFilterContract extends Contract {
    private static final int[] NONE = {};

    /// Logits with the probabilities 0.4, 0.3, 0.2 and 0.1, not in this order.
    private static final ProposeCase FOUR = ProposeCase.row(log(0.2), log(0.4), log(0.1), log(0.3));

    ProposeFilterContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void topK() {
        assertEquals(1, greatest(1, 1), 1e-6);
        assertEquals(0.4 / 0.7, greatest(2, 1), 1e-6);
        assertEquals(0.4 / 0.9, greatest(3, 1), 1e-6);
        assertEquals(0.4, greatest(4, 1), 1e-6);
        assertEquals(0.4, greatest(1000, 1), 1e-6);
    }

    /// Every tie at the k-th stays.
    @Test
    void topKKeepsTies() {
        ProposeCase tied = ProposeCase.of(1, 50, (_, v) -> v == 31 ? 2 : v % 10 == 4 ? 1 : 0);
        double e = Math.E;
        for (int k = 2; k <= 6; k++) {
            Proposals proposals = tied.check(backend(), ProposeCase.filtered(k, 1, FilterOrder.TOP_K_FIRST));
            assertEquals(e * e / (e * e + 5 * e), proposals.probability[0], 1e-6);
        }
        tied.check(backend(), ProposeCase.filtered(7, 1, FilterOrder.TOP_K_FIRST));
    }

    /// The token that crosses the limit stays, and the first one always does.
    @Test
    void topPKeepsTheCrossingToken() {
        assertEquals(1, greatest(0, 0.0001f), 1e-6);
        assertEquals(1, greatest(0, 0.39f), 1e-6);
        assertEquals(0.4 / 0.7, greatest(0, 0.41f), 1e-6);
        assertEquals(0.4 / 0.7, greatest(0, 0.69f), 1e-6);
        assertEquals(0.4 / 0.9, greatest(0, 0.71f), 1e-6);
        assertEquals(0.4, greatest(0, 0.91f), 1e-6);
        assertEquals(0.4, greatest(0, 1), 1e-6);
    }

    /// After top-2 the first token has 4/7 of what is left and crosses 0.5 alone; before it, two tokens are needed.
    @Test
    void orderOfTheFilters() {
        assertEquals(1, probability(ProposeCase.filtered(2, 0.5f, FilterOrder.TOP_K_FIRST)), 1e-6);
        assertEquals(0.4 / 0.7, probability(ProposeCase.filtered(2, 0.5f, FilterOrder.TOP_P_FIRST)), 1e-6);
    }

    /// Tempered first: at T = 0.5 the probabilities are those of the squares 16, 9, 4 and 1.
    @Test
    void filtersActOnTemperedLogits() {
        ProposalSpec spec = new ProposalSpec(
                0.5f, 0, 0.6f, FilterOrder.TOP_P_FIRST, ConfidenceFrom.FILTERED, Draw.SAMPLE, NONE, NONE);
        Proposals proposals = FOUR.check(backend(), spec);
        assertEquals(proposals.tokens[0] == 1 ? 0.64 : 0.36, proposals.probability[0], 1e-6);
    }

    /// RAW looks at neither filter nor temperature, also for the margin and the entropy.
    @Test
    void rawConfidence() {
        ProposalSpec spec = new ProposalSpec(
                0, 2, 0.5f, FilterOrder.TOP_K_FIRST, ConfidenceFrom.RAW, Draw.ARGMAX, NONE, NONE);
        Proposals proposals = FOUR.check(backend(), spec);
        assertEquals(0.4, proposals.probability[0], 1e-6);
        assertEquals(0.1, proposals.margin[0], 1e-6);
    }

    @Test
    void everyWidthAndOrder() {
        for (FilterOrder order : FilterOrder.values()) {
            for (ConfidenceFrom confidence : ConfidenceFrom.values()) {
                for (int vocabulary : Sizes.AWKWARD) {
                    check(vocabulary, 0, 3, 1, order, confidence);
                    check(vocabulary, 0.8f, 5, 0.8f, order, confidence);
                    check(vocabulary, 1.2f, 0, 0.5f, order, confidence, 0);
                }
                check(5003, 0.7f, 40, 0.9f, order, confidence, 5002, 7);
                check(1009, 1, 0, 0.95f, order, confidence, 1008, 7);
            }
        }
    }

    /// What the filters drop is never sampled.
    @Test
    void samplesOnlyWhatIsLeft() {
        ProposeCase many = ProposeCase.of(2000, 30, (_, v) -> v * 0.05f);
        for (FilterOrder order : FilterOrder.values()) {
            Proposals proposals = many.check(backend(), new ProposalSpec(
                    2, 4, 1, order, ConfidenceFrom.FILTERED, Draw.SAMPLE, new int[] {29}, NONE));
            boolean[] seen = new boolean[30];
            for (int i = 0; i < 2000; i++) {
                seen[proposals.tokens[i]] = true;
            }
            for (int v = 0; v < 30; v++) {
                assertEquals(v >= 25 && v < 29, seen[v], "token " + v);
            }
        }
    }

    /// With every draw that there is at this temperature.
    private void check(
            int vocabulary,
            float temperature,
            int topK,
            float topP,
            FilterOrder order,
            ConfidenceFrom confidence,
            int... suppressed) {
        ProposeCase shape = ProposeCase.of(4, vocabulary, ProposeCase.random(vocabulary, 4));
        for (Draw draw : Draw.values()) {
            if (draw != Draw.SAMPLE || temperature > 0) {
                Proposals proposals = shape.check(backend(), new ProposalSpec(
                        temperature, topK, topP, order, confidence, draw, suppressed, NONE));
                assertTrue(vocabulary == 1 || draw == Draw.GIVEN || proposals.probability[0] > 0);
            }
        }
    }

    private double greatest(int topK, float topP) {
        double probability = probability(ProposeCase.filtered(topK, topP, FilterOrder.TOP_K_FIRST));
        assertEquals(probability, probability(ProposeCase.filtered(topK, topP, FilterOrder.TOP_P_FIRST)), 1e-6);
        return probability;
    }

    private double probability(ProposalSpec spec) {
        return FOUR.check(backend(), spec).probability[0];
    }

    private static float log(double p) {
        return (float) Math.log(p);
    }
}
