package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.CheckedOps;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Noise;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.ProposalSpec.FilterOrder;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.contract.Operand.Fill;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/// One case of `propose`, compared with the reference: tokens exactly, confidences closely.
record ProposeCase(String label, int rows, int vocabulary, Layout layout, Fill logits) {
    /// Float32 exponentials, float64 sums.
    private static final double PROBABILITY_ERROR = 4e-6;

    static ProposeCase of(int rows, int vocabulary, Fill logits) {
        return new ProposeCase("propose", rows, vocabulary, Layout.CONTIGUOUS, logits);
    }

    /// One row with these logits.
    static ProposeCase row(float... logits) {
        return of(1, logits.length, (_, v) -> logits[v]);
    }

    /// Logits between `−size` and `size`.
    static Fill random(long seed, float size) {
        return (i, v) -> (float) (size * (2 * Noise.uniform(Noise.key(seed, 0, i), v) - 1));
    }

    /// What the backend proposes; it has been compared with the reference. Given tokens are anything.
    Proposals check(Backend backend, ProposalSpec spec) {
        return check(backend, spec, i -> (5 * i + 2) % vocabulary);
    }

    /// What the backend proposes if the token of each row is given; it has been compared with the reference.
    Proposals check(Backend backend, ProposalSpec spec, IntUnaryOperator given) {
        String name = "%s of [%d, %d], temperature %s, top-k %d, top-p %s, %s, %s, %s, suppressed %s, unsure %s"
                .formatted(label, rows, vocabulary, spec.temperature(), spec.topK(), spec.topP(), spec.filters(),
                        spec.confidence(), spec.draw(), Arrays.toString(spec.suppressed()),
                        Arrays.toString(spec.unsure()));
        try (Operands operands = new Operands(backend, layout, name)) {
            Operand matrix = operands.source(DType.F32, rows, vocabulary, logits);
            Proposals expected = untouched(rows + 1);
            Proposals actual = untouched(rows + 1);
            if (spec.draw() == Draw.GIVEN) {
                Arrays.setAll(expected.tokens, i -> i < rows ? given.applyAsInt(i) : -1);
                Arrays.setAll(actual.tokens, i -> expected.tokens[i]);
            }
            new ReferenceOps().propose(expected, matrix.reference(), spec, keys(rows));
            new CheckedOps(backend.ops()).propose(actual, matrix.subject(), spec, keys(rows));
            for (int i = 0; i < rows; i++) {
                compare(operands.label() + ", row " + i, spec.draw(), expected, actual, i);
            }
            assertEquals(-1, actual.tokens[rows], operands.label() + " wrote behind the last row");
            assertEquals(-1, actual.probability[rows], operands.label() + " wrote behind the last row");
            operands.verify(Tolerance.EXACT);
            return actual;
        }
    }

    private void compare(String what, Draw draw, Proposals expected, Proposals actual, int i) {
        if (draw == Draw.GIVEN) {
            assertEquals(expected.tokens[i], actual.tokens[i], what + ": the given token");
        }
        if (Float.isNaN(expected.probability[i])) {
            assertTrue(Float.isNaN(actual.probability[i]), what + ": probability " + actual.probability[i]);
            assertTrue(actual.tokens[i] >= 0 && actual.tokens[i] < vocabulary, what + ": token " + actual.tokens[i]);
            return;
        }
        assertEquals(expected.tokens[i], actual.tokens[i], what + ": token");
        assertEquals(expected.probability[i], actual.probability[i], PROBABILITY_ERROR, what + ": probability");
        assertEquals(expected.margin[i], actual.margin[i], PROBABILITY_ERROR, what + ": margin");
        assertTrue(actual.probability[i] <= 1, what + ": probability " + actual.probability[i]);
        double magnitude = 1 + Math.abs(expected.negativeEntropy[i]);
        assertEquals(expected.negativeEntropy[i], actual.negativeEntropy[i], PROBABILITY_ERROR * magnitude,
                what + ": negative entropy");
    }

    static long[] keys(int rows) {
        long[] keys = new long[rows];
        Arrays.setAll(keys, i -> Noise.key(7, 3, i));
        return keys;
    }

    private static Proposals untouched(int capacity) {
        Proposals proposals = new Proposals(capacity);
        Arrays.fill(proposals.tokens, -1);
        Arrays.fill(proposals.probability, -1);
        return proposals;
    }

    /// Any draw at a temperature, without filters.
    static ProposalSpec tempered(float temperature, Draw draw, ConfidenceFrom confidence, int... suppressed) {
        return new ProposalSpec(
                temperature, 0, 1, FilterOrder.TOP_K_FIRST, confidence, draw, suppressed, new int[0]);
    }

    /// Sampling at a temperature, without filters.
    static ProposalSpec sampled(float temperature, ConfidenceFrom confidence, int... suppressed) {
        return tempered(temperature, Draw.SAMPLE, confidence, suppressed);
    }

    /// Filters at temperature 0, confidences from what they leave.
    static ProposalSpec filtered(int topK, float topP, FilterOrder order) {
        return filtered(topK, topP, order, Draw.ARGMAX);
    }

    /// Any draw but a sample with filters at temperature 0, confidences from what they leave.
    static ProposalSpec filtered(int topK, float topP, FilterOrder order, Draw draw, int... unsure) {
        return new ProposalSpec(0, topK, topP, order, ConfidenceFrom.FILTERED, draw, new int[0], unsure);
    }
}
