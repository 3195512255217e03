package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
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

    @Test
    void needsAPositiveFactor() {
        assertThrows(IllegalArgumentException.class, () -> new Factor(0));
        assertThrows(IllegalArgumentException.class, () -> new Factor(Float.NaN));
    }
}
