package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.ProposalSpec.FilterOrder;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.contract.Operand.Fill;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `propose` with ids that may be proposed but lend no confidence.
abstract class ProposeUnsureContract extends Contract {
    private static final int[] NONE = {};

    /// Logits with the probabilities 0.4, 0.3, 0.2 and 0.1, not in this order.
    private static final float[] FOUR = {log(0.2), log(0.4), log(0.1), log(0.3)};

    ProposeUnsureContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void proposedWithoutConfidence() {
        Proposals proposals = four(spec(0, Draw.ARGMAX, NONE, 1));
        assertEquals(1, proposals.tokens[0]);
        assertEquals(0, proposals.probability[0]);
        assertEquals(1 / 6.0, proposals.margin[0], 1e-6);
        double negativeEntropy = Math.log(1 / 2.0) / 2 + Math.log(1 / 3.0) / 3 + Math.log(1 / 6.0) / 6;
        assertEquals(negativeEntropy, proposals.negativeEntropy[0], 1e-6);
    }

    @Test
    void othersShareTheProbability() {
        Proposals proposals = four(spec(0, Draw.ARGMAX, NONE, 3, 0));
        assertEquals(1, proposals.tokens[0]);
        assertEquals(0.8, proposals.probability[0], 1e-6);
        assertEquals(0.6, proposals.margin[0], 1e-6);
        Proposals given = ProposeCase.of(4, 4, (_, v) -> FOUR[v])
                .check(backend(), spec(0, Draw.GIVEN, NONE, 1), i -> i);
        assertArrayEquals(new float[] {2 / 6f, 0, 1 / 6f, 3 / 6f, -1}, given.probability, 1e-6f);
        assertEquals(1, four(spec(0, Draw.ARGMAX, NONE, 0, 2, 3)).margin[0]);
    }

    @Test
    void suppressedToo() {
        Proposals proposals = four(spec(0, Draw.ARGMAX, new int[] {1, 3}, 2, 1, 3));
        assertEquals(0, proposals.tokens[0]);
        assertEquals(1, proposals.probability[0]);
    }

    /// The filters act first: the two likeliest tokens are 1 and 3.
    @Test
    void afterTheFilters() {
        for (FilterOrder order : FilterOrder.values()) {
            Proposals second = four(ProposeCase.filtered(2, 1, order, Draw.ARGMAX, 3));
            assertEquals(1, second.probability[0]);
            assertEquals(1, second.margin[0]);
            Proposals first = four(ProposeCase.filtered(3, 1, order, Draw.ARGMAX, 1));
            assertEquals(1, first.tokens[0]);
            assertEquals(0, first.probability[0]);
            assertEquals(0.2, first.margin[0], 1e-6);
        }
    }

    @Test
    void nothingSureIsLeft() {
        nothingSure(four(spec(0, Draw.ARGMAX, NONE, 0, 1, 2, 3)));
        nothingSure(four(spec(0, Draw.ARGMAX, new int[] {0, 2}, 1, 3)));
        nothingSure(four(ProposeCase.filtered(1, 1, FilterOrder.TOP_K_FIRST, Draw.ARGMAX, 1)));
        float none = Float.NEGATIVE_INFINITY;
        nothingSure(ProposeCase.row(none, 2, none).check(backend(), spec(0, Draw.ARGMAX, NONE, 1)));
        Proposals given = ProposeCase.row(none, 2, none).check(backend(), spec(0, Draw.GIVEN, NONE, 1), _ -> 2);
        assertEquals(0, given.probability[0]);
        assertEquals(2, given.tokens[0]);
    }

    private static void nothingSure(Proposals proposals) {
        assertEquals(1, proposals.tokens[0]);
        assertEquals(0, proposals.probability[0]);
        assertEquals(0, proposals.margin[0]);
        assertEquals(0, proposals.negativeEntropy[0]);
    }

    @Test
    void brokenAtAnUnsureId() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Proposals proposals = ProposeCase.row(1, value, 2).check(backend(), spec(0, Draw.ARGMAX, NONE, 1));
            assertTrue(Float.isNaN(proposals.probability[0]));
        }
    }

    /// The sure tokens keep their ratios however far above them an unsure one lies.
    @Test
    void farAboveTheSure() {
        for (float above : new float[] {120, 1e4f, Float.MAX_VALUE}) {
            ProposeCase shape = ProposeCase.row(log(0.1), above, log(0.6), log(0.3), Float.NEGATIVE_INFINITY);
            for (float temperature : new float[] {0, 1}) {
                Proposals all = shape.check(backend(), spec(temperature, Draw.GIVEN, NONE, 1), _ -> 2);
                assertEquals(0.6, all.probability[0], 1e-6);
                Proposals kept = shape.check(backend(), new ProposalSpec(temperature, 4, 1, FilterOrder.TOP_K_FIRST,
                        ConfidenceFrom.FILTERED, Draw.GIVEN, NONE, new int[] {1}), _ -> 2);
                assertEquals(0.6, kept.probability[0], 1e-6);
                assertEquals(0.3, kept.margin[0], 1e-6);
            }
        }
    }

    @Test
    void samplesAsBefore() {
        ProposeCase shape = ProposeCase.of(300, 30, (_, v) -> v % 7 * 0.3f);
        int[] sure = shape.check(backend(), spec(1, Draw.SAMPLE, NONE)).tokens;
        Proposals unsure = shape.check(backend(), spec(1, Draw.SAMPLE, NONE, 6, 13));
        assertArrayEquals(sure, unsure.tokens);
        for (int i = 0; i < 300; i++) {
            assertEquals(sure[i] == 6 || sure[i] == 13, unsure.probability[i] == 0);
        }
    }

    @Test
    void everyWidthDrawAndFilter() {
        for (int vocabulary : Sizes.AWKWARD) {
            everySpec(vocabulary, NONE, vocabulary - 1);
            everySpec(vocabulary, new int[] {vocabulary / 2}, 0, vocabulary / 3, vocabulary - 1);
        }
        everySpec(2003, new int[] {7, 2002}, 900, 901, 902, 1500, 900);
    }

    /// Every other row has its largest logit at an unsure id.
    private void everySpec(int vocabulary, int[] suppressed, int... unsure) {
        Fill random = ProposeCase.random(vocabulary, 4);
        ProposeCase shape = ProposeCase.of(
                4, vocabulary, (i, v) -> i % 2 == 1 && v == unsure[0] ? 9 : random.at(i, v));
        for (ConfidenceFrom confidence : ConfidenceFrom.values()) {
            for (Draw draw : Draw.values()) {
                for (int topK : new int[] {0, 5}) {
                    for (float topP : new float[] {1, 0.8f}) {
                        shape.check(backend(), new ProposalSpec(
                                0.8f, topK, topP, FilterOrder.TOP_K_FIRST, confidence, draw, suppressed, unsure));
                    }
                }
            }
        }
    }

    private Proposals four(ProposalSpec spec) {
        return ProposeCase.row(FOUR).check(backend(), spec);
    }

    private static ProposalSpec spec(float temperature, Draw draw, int[] suppressed, int... unsure) {
        return new ProposalSpec(
                temperature, 0, 1, FilterOrder.TOP_K_FIRST, ConfidenceFrom.RAW, draw, suppressed, unsure);
    }

    private static float log(double p) {
        return (float) Math.log(p);
    }
}
