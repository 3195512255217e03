package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.CheckedOps;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Noise;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.FilterOrder;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.contract.Operand.Fill;
import java.util.Arrays;

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

    /// What the backend proposes; it has been compared with the reference.
    Proposals check(Backend backend, ProposalSpec spec) {
        String name = "%s of [%d, %d], temperature %s, top-k %d, top-p %s, %s, %s, suppressed %s".formatted(
                label, rows, vocabulary, spec.temperature(), spec.topK(), spec.topP(), spec.filters(),
                spec.confidence(), Arrays.toString(spec.suppressed()));
        try (Operands operands = new Operands(backend, layout, name)) {
            Operand matrix = operands.source(DType.F32, rows, vocabulary, logits);
            Proposals expected = untouched(rows + 1);
            Proposals actual = untouched(rows + 1);
            new ReferenceOps().propose(expected, matrix.reference(), spec, keys(rows));
            new CheckedOps(backend.ops()).propose(actual, matrix.subject(), spec, keys(rows));
            for (int i = 0; i < rows; i++) {
                compare(operands.label() + ", row " + i, expected, actual, i);
            }
            assertEquals(-1, actual.tokens[rows], operands.label() + " wrote behind the last row");
            assertEquals(-1, actual.probability[rows], operands.label() + " wrote behind the last row");
            operands.verify(Tolerance.EXACT);
            return actual;
        }
    }

    private void compare(String what, Proposals expected, Proposals actual, int i) {
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

    /// Sampling at a temperature, without filters.
    static ProposalSpec sampled(float temperature, ConfidenceFrom confidence, int... suppressed) {
        return new ProposalSpec(temperature, 0, 1, FilterOrder.TOP_K_FIRST, confidence, suppressed);
    }

    /// Filters at temperature 0, confidences from what they leave.
    static ProposalSpec filtered(int topK, float topP, FilterOrder order) {
        return new ProposalSpec(0, topK, topP, order, ConfidenceFrom.FILTERED, new int[0]);
    }
}
