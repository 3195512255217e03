package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.runtime.Noise;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/// Fast-dLLM's factor rule. With a factor of 1 the second needs 2/3, the third 3/4, the fourth 4/5.
class FactorTest {
    private static final int[] PROMPT = {1, 2, 3, 4};

    private static List<String> changes(Factor rule, double... confidences) {
        return Scripted.run(
                        PROMPT, Scripted.settings().withGenLength(4).withUnmasking(rule),
                        (call, tokens, position) -> new Answer(5, confidences[position - 4]))
                .changes();
    }

    @Test
    void theFirstFailureEndsTheRun() {
        // 0.74 is enough for the second, 0.7 not for the third.
        assertEquals("4=5 6=5", changes(new Factor(1), 0.9, 0.7, 0.74, 0.2).getFirst());
    }

    @Test
    void theSurestIsCommittedInAnyCase() {
        assertEquals(List.of("7=5", "6=5", "5=5", "4=5"), changes(new Factor(0.01f), 0.2, 0.3, 0.4, 0.5));
    }

    @Test
    void aLargeFactorCommitsEverything() {
        assertEquals(List.of("4=5 5=5 6=5 7=5"), changes(new Factor(9), 0.2, 0.3, 0.4, 0.5));
    }

    @Test
    void onlyTheReferencesCodeForgivesTheLast() {
        assertEquals("4=5 5=5 6=5", changes(new Factor(1), 0.9, 0.8, 0.8, 0.2).getFirst());
        assertEquals("4=5 5=5 6=5 7=5", changes(new Factor(1, 1, Factor.Last.GIVEN), 0.9, 0.8, 0.8, 0.2).getFirst());
    }

    /// The n-th needs ever more and has ever less, so that none passes behind a failure. Hence the paper's largest n with
    /// (n + 1)(1 − c) < factor, the scan up to the first failure and the count of all that pass are the same.
    @Test
    void allPublishedFormsAgree() {
        for (int example = 0; example < 200; example++) {
            double[] confidences = new double[4];
            for (int i = 0; i < confidences.length; i++) {
                confidences[i] = 0.3 + 0.69 * Noise.uniform(Noise.key(7, example, i), 0);
            }
            float factor = 0.5f + (float) Noise.uniform(Noise.key(7, example, 4), 0);
            // Of all but the mask, which cannot be proposed.
            double[] ranked = DoubleStream.of(confidences).map(c -> c / (1 - (1 - c) / 19)).map(c -> -c).sorted().map(c -> -c).toArray();
            int largest = 1;
            int count = 1;
            for (int n = 2; n <= ranked.length; n++) {
                boolean passes = (n + 1) * (1 - ranked[n - 1]) < factor;
                largest = passes ? n : largest;
                count += passes ? 1 : 0;
            }
            assertEquals(count, largest);
            assertEquals(count, changes(new Factor(factor), confidences).getFirst().split(" ").length);
        }
    }

    @Test
    void needsAPositiveFactor() {
        assertThrows(IllegalArgumentException.class, () -> new Factor(0));
        assertThrows(IllegalArgumentException.class, () -> new Factor(Float.NaN));
    }
}
