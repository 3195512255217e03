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
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `propose` with an arg-max at a temperature and with tokens that are given.
abstract class ProposeDrawContract extends Contract {

    /// Logits with the probabilities 0.4, 0.3, 0.2 and 0.1, not in this order.
    private static final float[] FOUR = {log(0.2), log(0.4), log(0.1), log(0.3)};

    ProposeDrawContract(IntFunction<Backend> open) {
        super(open);
    }

    /// At T = 0.5 the probabilities are those of the squares 16, 9, 4 and 1.
    @Test
    void argMaxIgnoresTheTemperature() {
        ProposalSpec tempered = ProposeCase.tempered(0.5f, Draw.ARGMAX, ConfidenceFrom.FILTERED);
        Proposals proposals = rows(200).check(backend(), tempered);
        for (int i = 0; i < 200; i++) {
            assertEquals(1, proposals.tokens[i]);
            assertEquals(16 / 30.0, proposals.probability[i], 1e-6);
            assertEquals(7 / 30.0, proposals.margin[i], 1e-6);
        }
        ProposalSpec raw = ProposeCase.tempered(0.5f, Draw.ARGMAX, ConfidenceFrom.RAW);
        assertEquals(0.4, rows(1).check(backend(), raw).probability[0], 1e-6);
    }

    @Test
    void probabilityOfTheGivenToken() {
        Proposals proposals = given(ProposeCase.tempered(0, Draw.GIVEN, ConfidenceFrom.FILTERED));
        assertArrayEquals(new float[] {0.2f, 0.4f, 0.1f, 0.3f, -1}, proposals.probability, 1e-6f);
        for (int i = 0; i < 4; i++) {
            assertEquals(i, proposals.tokens[i]);
            assertEquals(0.1, proposals.margin[i], 1e-6);
            assertEquals(proposals.negativeEntropy[0], proposals.negativeEntropy[i]);
        }
        proposals = given(ProposeCase.tempered(0.5f, Draw.GIVEN, ConfidenceFrom.FILTERED));
        assertArrayEquals(new float[] {4 / 30f, 16 / 30f, 1 / 30f, 9 / 30f, -1}, proposals.probability, 1e-6f);
    }

    /// Only the distribution that confidences are taken from can leave the token out.
    @Test
    void givenTokenThatIsFilteredOut() {
        Proposals filtered = given(ProposeCase.filtered(2, 1, FilterOrder.TOP_K_FIRST, Draw.GIVEN));
        assertArrayEquals(new float[] {0, 4 / 7f, 0, 3 / 7f, -1}, filtered.probability, 1e-6f);
        assertEquals(1 / 7.0, filtered.margin[0], 1e-6);
        ProposalSpec raw = new ProposalSpec(
                0, 2, 1, FilterOrder.TOP_K_FIRST, ConfidenceFrom.RAW, Draw.GIVEN, new int[0], new int[0]);
        assertArrayEquals(new float[] {0.2f, 0.4f, 0.1f, 0.3f, -1}, given(raw).probability, 1e-6f);
    }

    /// Top-p keeps three of four equal tokens, those with the lowest ids.
    @Test
    void givenTokenAtACutTie() {
        ProposalSpec spec = ProposeCase.filtered(0, 0.6f, FilterOrder.TOP_K_FIRST, Draw.GIVEN);
        Proposals proposals = ProposeCase.of(4, 4, (_, _) -> 1).check(backend(), spec, i -> i);
        assertArrayEquals(new float[] {1 / 3f, 1 / 3f, 1 / 3f, 0, -1}, proposals.probability, 1e-6f);
    }

    @Test
    void givenTokenThatIsSuppressed() {
        for (ConfidenceFrom confidence : ConfidenceFrom.values()) {
            ProposalSpec spec = ProposeCase.tempered(1, Draw.GIVEN, confidence, 1);
            for (float value : new float[] {log(0.4), Float.NaN, Float.POSITIVE_INFINITY}) {
                Proposals proposals = ProposeCase.of(4, 4, (_, v) -> v == 1 ? value : FOUR[v])
                        .check(backend(), spec, i -> i);
                assertArrayEquals(new float[] {2 / 6f, 0, 1 / 6f, 3 / 6f, -1}, proposals.probability, 1e-6f);
            }
        }
    }

    /// A broken row says so and keeps its token.
    @Test
    void givenTokenOfABrokenRow() {
        ProposeCase shape = ProposeCase.of(3, 41, (i, v) -> i == 1 && v == 8 ? Float.NaN : (v * 7 + i) % 11);
        for (FilterOrder order : FilterOrder.values()) {
            Proposals proposals = shape.check(
                    backend(), ProposeCase.filtered(4, 1, order, Draw.GIVEN), i -> 40 - i);
            assertTrue(Float.isNaN(proposals.probability[1]));
            assertEquals(39, proposals.tokens[1]);
        }
        ProposeCase nothing = ProposeCase.of(1, 3, (_, _) -> Float.NEGATIVE_INFINITY);
        Proposals proposals = nothing.check(
                backend(), ProposeCase.tempered(1, Draw.GIVEN, ConfidenceFrom.RAW), _ -> 2);
        assertTrue(Float.isNaN(proposals.probability[0]));
    }

    @Test
    void hugeLogits() {
        float max = Float.MAX_VALUE;
        float none = Float.NEGATIVE_INFINITY;
        float[] logits = {0, max, -max, none};
        for (float temperature : new float[] {0, 0.1f, 3}) {
            ProposalSpec given = ProposeCase.tempered(temperature, Draw.GIVEN, ConfidenceFrom.FILTERED);
            ProposalSpec best = ProposeCase.tempered(temperature, Draw.ARGMAX, ConfidenceFrom.FILTERED);
            ProposeCase shape = ProposeCase.of(4, 4, (_, v) -> logits[v]);
            assertArrayEquals(
                    new float[] {0, 1, 0, 0, -1}, shape.check(backend(), given, i -> i).probability);
            assertEquals(1, shape.check(backend(), best).probability[0]);
        }
    }

    private Proposals given(ProposalSpec spec) {
        return rows(4).check(backend(), spec, i -> i);
    }

    private static ProposeCase rows(int count) {
        return ProposeCase.of(count, 4, (_, v) -> FOUR[v]);
    }

    private static float log(double p) {
        return (float) Math.log(p);
    }
}
