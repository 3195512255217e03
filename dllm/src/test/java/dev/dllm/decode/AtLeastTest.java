package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Rules that commit a required number per call and more where they may: factor and entropy bound.
class AtLeastTest {
    private static final int[] PROMPT = {1, 2, 3, 4};

    @Test
    void theFactorAsksMoreOfEveryFurtherRank() {
        // Unsure by 0.1, 0.2 and 0.4: 2 · 0.1 and 3 · 0.2 are below 1, 4 · 0.4 is not.
        assertEquals(List.of("4=5 5=5", "6=5", "7=5"), changes(new Factor(1), 0.9, 0.8, 0.6, 0.1));
    }

    @Test
    void theFactorTakesTheRequiredNumberWhenFewerPass() {
        assertEquals(List.of("4=5 5=5 6=5", "7=5"), changes(new Factor(1, 3, Factor.Last.JUDGED), 0.9, 0.8, 0.6, 0.1));
        assertEquals(List.of("4=5", "5=5", "6=5", "7=5"), changes(new Factor(0.01f), 0.9, 0.9, 0.9, 0.9));
    }

    @Test
    void theLastRankIsJudgedUnlessAReferenceIsCompared() {
        assertEquals(List.of("4=5 5=5 6=5 7=5"), changes(new Factor(1), 0.95, 0.95, 0.95, 0.95));
        assertEquals(
                List.of("4=5 5=5 6=5", "7=5"), changes(new Factor(1, 1, Factor.Last.REFUSED), 0.95, 0.95, 0.95, 0.95));
        assertEquals(List.of("4=5 5=5 6=5", "7=5"), changes(new Factor(1), 0.95, 0.95, 0.95, 0.1));
        assertEquals(List.of("4=5 5=5 6=5 7=5"), changes(new Factor(1, 1, Factor.Last.GIVEN), 0.95, 0.95, 0.95, 0.1));
    }

    @Test
    void theEntropyBoundTakesTheRequiredNumberWhenFewerAreWithin() {
        var sum = EntropyBound.Sum.OTHERS;

        assertEquals(List.of("4=5", "5=5", "6=5", "7=5"), changes(new EntropyBound(0, sum), 0.9, 0.8, 0.6, 0.3));
        assertEquals(List.of("4=5 5=5 6=5", "7=5"), changes(new EntropyBound(0, sum, 3), 0.9, 0.8, 0.6, 0.3));
        assertEquals(List.of("4=5 5=5 6=5 7=5"), changes(new EntropyBound(99, sum, 3), 0.9, 0.8, 0.6, 0.3));
    }

    @Test
    void entropiesOfSurerRanksCountAlthoughTheyAreTheLargest() {
        // From left to right: about 2.8 nats, then about 0.09 each.
        var leftmost = Scripted.settings().withGenLength(4).withConfidence(Confidence.LEFTMOST);

        assertEquals(
                List.of("4=5 5=5 6=5 7=5"),
                changes(leftmost, new EntropyBound(0.5f, EntropyBound.Sum.OTHERS), 0.2, 0.99, 0.99, 0.99));
        assertEquals(
                List.of("4=5", "5=5 6=5 7=5"),
                changes(leftmost, new EntropyBound(0.5f, EntropyBound.Sum.SURER), 0.2, 0.99, 0.99, 0.99));
    }

    @Test
    void namesAreReadAsTheyAreWritten() {
        for (Unmasking rule : List.of(
                new Factor(1.5f, 2, Factor.Last.JUDGED), new Factor(1, 1, Factor.Last.GIVEN), new EntropyBound(0.5f, EntropyBound.Sum.OTHERS),
                new EntropyBound(0.5f, EntropyBound.Sum.SURER), new EntropyBound(0.5f, EntropyBound.Sum.OTHERS, 3))) {
            assertEquals(rule, UnmaskingRules.parse(rule.toString()));
        }
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        for (String text : List.of("factor:0", "factor:1,0", "factor:NaN", "entropy-bound:1,others,0")) {
            assertThrows(IllegalArgumentException.class, () -> UnmaskingRules.parse(text), text);
        }
    }

    private static List<String> changes(Unmasking rule, double... probabilities) {
        return changes(Scripted.settings().withGenLength(4), rule, probabilities);
    }

    /// @param probabilities of token 5 at the positions 4 to 7
    private static List<String> changes(DecodeSettings settings, Unmasking rule, double... probabilities) {
        return Scripted.run(
                        PROMPT, settings.withUnmasking(rule),
                        (call, tokens, position) -> new Answer(5, probabilities[position - PROMPT.length]))
                .changes();
    }
}
