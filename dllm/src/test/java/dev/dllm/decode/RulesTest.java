package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the smaller rules commit, call by call.
class RulesTest {
    /// A rule of an application's own that decides as it is told.
    private record Own(int... edits) implements Unmasking {
        @Override
        public State start() {
            return (step, written) -> {
                for (int i = 0; i < edits.length; i += 2) {
                    written.add(edits[i], edits[i + 1]);
                }
            };
        }

        @Override
        public Pacing pacing() {
            return new Pacing.UntilFull(0);
        }
    }

    private static String failure(int... edits) {
        return assertThrows(
                        IllegalStateException.class,
                        () -> Scripted.run(
                                new int[] {1, 2, 3, 4}, Scripted.settings().withUnmasking(new Own(edits)),
                                (call, tokens, position) -> new ScriptedNetwork.Answer(5, 0.9)))
                .getMessage();
    }

    @Test
    void whatARuleMustNotDo() {
        assertTrue(failure().contains("wrote nothing in 100 calls in a row"), failure());
        assertTrue(failure(4, 5, 4, 6).contains("one edit of each"), failure(4, 5, 4, 6));
        assertTrue(failure(100, 5).contains("an edit of position 100"), failure(100, 5));
        assertTrue(failure(-1, 5).contains("an edit of position -1"), failure(-1, 5));
    }

    private static final int[] PROMPT = {1};
    private static final DecodeSettings SETTINGS =
            DecodeSettings.of(new AttentionPattern.Bidirectional(), 4, DecodeSettings.WHOLE);

    /// At probability 0.99 a row of 20 tokens has an entropy of 0.085 nats, at 0.9 of 0.62, at 0.5 of 2.17.
    private static final ScriptedNetwork.Script FALLING =
            (_, _, position) -> new Answer(position, new double[] {0, 0.99, 0.9, 0.5, 0.5}[position]);

    @Test
    void anEntropyBoundLeavesOutTheLargest() {
        assertEquals(
                List.of("1=1 2=2", "3=3", "4=4"),
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new EntropyBound(0.1f, EntropyBound.Sum.OTHERS)), FALLING)
                        .changes());
    }

    @Test
    void anEntropyBoundOverAllCommitsFewer() {
        assertEquals(
                List.of("1=1", "2=2", "3=3", "4=4"),
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new EntropyBound(0.1f, EntropyBound.Sum.ALL)), FALLING)
                        .changes());
        assertEquals(
                List.of("1=1 2=2", "3=3 4=4"),
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new EntropyBound(5, EntropyBound.Sum.ALL)), (call, _, position) ->
                                call == 0 && position > 2 ? new Answer(position, 0.1) : new Answer(position, 0.5))
                        .changes());
    }

    /// dParallel: whatever has an entropy of at most so much, else the position with the least. Without the mask, which cannot be
    /// proposed, the second has 0.9 / (1 − 0.1 / 19) = 0.9048 and an entropy of −0.9048 ln 0.9048 − 0.0952 ln (0.0952 / 18) = 0.5898.
    @Test
    void aThresholdOfEntropyCommitsWhatIsCertain() {
        DecodeSettings byEntropy = SETTINGS.withConfidence(Confidence.ENTROPY);
        assertEquals(
                List.of("1=1 2=2", "3=3", "4=4"),
                Scripted.run(PROMPT, byEntropy.withUnmasking(new Threshold(-0.59f, 1, true)), FALLING).changes());
        assertEquals(
                List.of("1=1", "2=2", "3=3", "4=4"),
                Scripted.run(PROMPT, byEntropy.withUnmasking(new Threshold(-0.589f, 1, true)), FALLING).changes());
    }

    /// Two calls of two: the first refuses one of its two, which the second may commit besides its own; what that refuses is
    /// tried until all is committed.
    @Test
    void aRefusedBudgetIsCarriedOver() {
        assertEquals(
                List.of("1=1", "2=2", "3=3", "4=4"),
                Scripted.run(PROMPT, SETTINGS.withSteps(2).withUnmasking(new BudgetedThreshold(0.95f)), FALLING).changes());
        assertEquals(
                List.of("1=1 2=2", "3=3", "4=4"),
                Scripted.run(PROMPT, SETTINGS.withSteps(2).withUnmasking(new BudgetedThreshold(0.9f)), FALLING).changes());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "wino:0.6,0.9", "freedave:4", "freedave:2,0.5", "ssd:4,4", "apd:0.7,100", "guided:5,0.5", "d2f:0.9,0.1,0.95",
        "schedule", "schedule:cosine", "threshold:0.9", "threshold:0.9,1", "threshold:0.9,2,inclusive", "edit:0.7,0.5",
        "edit:0.7,0.5,2,8", "entropy-bound:0.1", "entropy-bound:0.1,all", "random", "budgeted-threshold:0.9", "path-planning",
        "factor:1.0", "factor:0.5,2,given", "random-order", "relaxed-threshold:0.9", "relaxed-threshold:0.9,0.01,0.1",
        "hierarchical:0.9,0.4", "multi-block:-0.4,0.1", "confident:0.95", "confident:0.95,leftmost"
    })
    void rulesAreReadAsTheyAreWritten(String text) {
        assertEquals(text, UnmaskingRules.parse(text).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"schedule:soon", "threshold:0.9,1,maybe", "random:1", "entropy-bound:-1", "entropy-bound:x"})
    void wrongArgumentsAreRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> UnmaskingRules.parse(text));
    }
}
