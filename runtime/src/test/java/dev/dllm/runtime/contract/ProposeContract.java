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
import java.util.Arrays;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `propose` without filters: arg-max, suppression, confidences, temperature, broken rows.
abstract class ProposeContract extends Contract {
    private static final ProposalSpec GREEDY = ProposalSpec.greedy();

    ProposeContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void greedyAndSampledAtEveryWidth() {
        for (Layout layout : Layout.values()) {
            for (int vocabulary : Sizes.AWKWARD) {
                everySpec(new ProposeCase("widths", 3, vocabulary, layout, ProposeCase.random(vocabulary, 5)));
            }
            everySpec(new ProposeCase("large", 5, 5003, layout, ProposeCase.random(1, 5)));
        }
        for (int rows : Sizes.ROWS) {
            everySpec(ProposeCase.of(rows, 70, ProposeCase.random(rows, 5)));
        }
    }

    private void everySpec(ProposeCase shape) {
        shape.check(backend(), GREEDY);
        for (ConfidenceFrom confidence : ConfidenceFrom.values()) {
            shape.check(backend(), ProposeCase.sampled(0.3f, confidence));
            shape.check(backend(), ProposeCase.sampled(1, confidence));
        }
    }

    @Test
    void largestAnywhere() {
        for (int place = 0; place < 67; place++) {
            int largest = place;
            Fill logits = (_, v) -> v == largest ? 3 : -v % 5;
            assertEquals(largest, ProposeCase.of(1, 67, logits).check(backend(), GREEDY).tokens[0]);
        }
    }

    @Test
    void lowestIdWinsTies() {
        for (int first = 0; first < 66; first++) {
            int lowest = first;
            Fill logits = (_, v) -> v >= lowest && (v - lowest) % 3 == 0 ? 2 : 1;
            assertEquals(lowest, ProposeCase.of(1, 67, logits).check(backend(), GREEDY).tokens[0]);
        }
        assertEquals(0, ProposeCase.of(1, 40, (_, _) -> -0.5f).check(backend(), GREEDY).tokens[0]);
    }

    /// Suppressed ids are neither proposed nor counted, whatever they hold.
    @Test
    void suppression() {
        Fill rising = (_, v) -> v / 8f;
        assertEquals(40, ProposeCase.of(2, 41, rising).check(backend(), GREEDY).tokens[0]);
        assertEquals(39, ProposeCase.of(2, 41, rising).check(backend(), ProposalSpec.greedy(40)).tokens[1]);
        assertEquals(37, ProposeCase.of(2, 41, rising).check(backend(), ProposalSpec.greedy(39, 0, 40, 38)).tokens[1]);
        assertEquals(1, ProposeCase.row(5, 1).check(backend(), ProposalSpec.greedy(0)).tokens[0]);
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1e38f}) {
            Fill broken = (_, v) -> v == 17 ? value : v / 8f;
            for (ConfidenceFrom confidence : ConfidenceFrom.values()) {
                Proposals proposals =
                        ProposeCase.of(3, 41, broken).check(backend(), ProposeCase.sampled(0.5f, confidence, 17));
                assertTrue(proposals.probability[2] > 0);
            }
        }
        int[] all = new int[41];
        Arrays.setAll(all, v -> v);
        Proposals nothing = ProposeCase.of(1, 41, rising).check(backend(), ProposalSpec.greedy(all));
        assertTrue(Float.isNaN(nothing.probability[0]));
    }

    /// The frequencies of many draws against softmax(logits / T), by Pearson's chi-square.
    @Test
    void temperatureSamplesTheSoftmax() {
        int draws = 6000;
        float[] logits = {1, 0.5f, -1, 2, 0, -3, 1.5f, Float.NEGATIVE_INFINITY, 0.25f, -0.5f};
        for (float temperature : new float[] {0.5f, 1, 2}) {
            ProposalSpec spec = ProposeCase.sampled(temperature, ConfidenceFrom.RAW);
            Proposals proposals = ProposeCase.of(draws, logits.length, (_, v) -> logits[v]).check(backend(), spec);
            double[] tempered = new double[logits.length];
            Arrays.setAll(tempered, v -> logits[v] / temperature);
            double[] p = Doubles.softmax(tempered);
            int[] counts = new int[logits.length];
            for (int i = 0; i < draws; i++) {
                counts[proposals.tokens[i]]++;
            }
            double chiSquare = 0;
            for (int v = 0; v < p.length; v++) {
                double expected = draws * p[v];
                chiSquare += expected == 0 ? counts[v] : (counts[v] - expected) * (counts[v] - expected) / expected;
            }
            // Nine possible tokens: 8 degrees of freedom, exceeded by chance once in 10 000.
            assertTrue(chiSquare < 31.8, "temperature " + temperature + ": chi-square " + chiSquare
                    + " of " + Arrays.toString(counts));
        }
    }

    /// LLaDA takes the confidence of a sampled token from the logits as they came.
    @Test
    void rawConfidenceIgnoresTemperature() {
        ProposeCase shape = ProposeCase.of(50, 30, ProposeCase.random(3, 2));
        Proposals raw = shape.check(backend(), ProposeCase.sampled(1.5f, ConfidenceFrom.RAW));
        Proposals filtered = shape.check(backend(), ProposeCase.sampled(1.5f, ConfidenceFrom.FILTERED));
        Proposals greedy = shape.check(backend(), GREEDY);
        assertArrayEquals(raw.tokens, filtered.tokens);
        assertArrayEquals(greedy.negativeEntropy, raw.negativeEntropy, 1e-5f);
        assertTrue(filtered.negativeEntropy[0] < raw.negativeEntropy[0] - 0.1f);
    }

    @Test
    void brokenRows() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            for (int place : new int[] {0, 5, 8, 31, 32, 40}) {
                Fill logits = (i, v) -> i == 1 && v == place ? value : (v * 7 + i) % 11;
                ProposeCase shape = ProposeCase.of(3, 41, logits);
                shape.check(backend(), GREEDY);
                shape.check(backend(), ProposeCase.filtered(4, 0.7f, FilterOrder.TOP_K_FIRST));
                Proposals proposals = shape.check(backend(), ProposeCase.sampled(1, ConfidenceFrom.RAW));
                assertTrue(Float.isNaN(proposals.probability[1]));
                assertTrue(proposals.probability[0] > 0 && proposals.probability[2] > 0);
            }
        }
        float none = Float.NEGATIVE_INFINITY;
        assertTrue(Float.isNaN(ProposeCase.of(1, 37, (_, _) -> none).check(backend(), GREEDY).probability[0]));
        assertTrue(Float.isNaN(ProposeCase.of(1, 37, (_, _) -> Float.NaN).check(backend(), GREEDY).probability[0]));
    }

    /// Nothing overflows: not the largest floats, not their quotient by a small temperature, not −∞ beside them.
    @Test
    void hugeLogits() {
        float max = Float.MAX_VALUE;
        float none = Float.NEGATIVE_INFINITY;
        for (ConfidenceFrom confidence : ConfidenceFrom.values()) {
            for (float temperature : new float[] {0, 0.1f, 3}) {
                Draw draw = temperature > 0 ? Draw.SAMPLE : Draw.ARGMAX;
                ProposalSpec spec = ProposeCase.tempered(temperature, draw, confidence);
                assertEquals(1, ProposeCase.row(0, max, -max, none).check(backend(), spec).probability[0]);
                assertEquals(1, ProposeCase.row(none, none, -max, none).check(backend(), spec).probability[0]);
                ProposeCase.row(max, max, 1e38f, 0).check(backend(), spec);
                ProposeCase.row(-max, -max, -max).check(backend(), spec);
                ProposeCase.of(2, 53, (_, v) -> v % 2 == 0 ? none : (v % 5 - 2) * 1e6f).check(backend(), spec);
            }
        }
    }

    @Test
    void certaintyAndIgnorance() {
        Proposals certain = ProposeCase.row(0, 200, 0, 0).check(backend(), GREEDY);
        assertEquals(1, certain.probability[0]);
        assertEquals(1, certain.margin[0]);
        assertEquals(0, certain.negativeEntropy[0], 1e-30);
        Proposals ignorant = ProposeCase.of(1, 64, (_, _) -> 3).check(backend(), GREEDY);
        assertEquals(0, ignorant.margin[0]);
        assertEquals(-Math.log(64), ignorant.negativeEntropy[0], 1e-5);
        assertEquals(1, ProposeCase.row(-4).check(backend(), GREEDY).margin[0]);
    }
}
