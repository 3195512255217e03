package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// LLaDA2.0's rule: everything above the threshold, or the schedule's quota.
class ThresholdTest {
    private static final int[] PROMPT = {1, 2, 3, 4};

    @Test
    void commitsOnePositionPerCallWhenNothingIsSureEnough() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withUnmasking(new Threshold(1.5f)),
                (call, tokens, position) -> new Answer(5, 0.5 + 0.01 * position));

        assertEquals(List.of("7=5", "6=5", "5=5", "4=5", "11=5", "10=5", "9=5", "8=5"), run.changes());
        assertEquals(FinishReason.LENGTH, run.decoding().finishReason());
    }

    @Test
    void commitsTheWholeBlockWhenTheThresholdIsBelowZero() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withUnmasking(new Threshold(-1)), (call, tokens, position) -> new Answer(5, 0.2));

        assertEquals(List.of("4=5 5=5 6=5 7=5", "8=5 9=5 10=5 11=5"), run.changes());
    }

    @Test
    void theComparisonIsStrict() {
        // An even distribution over the 19 tokens that can be proposed gives every token the float32 value of 1/19.
        float exact = (float) (1.0 / 19);
        var run = Scripted.run(
                PROMPT, Scripted.settings().withGenLength(4).withUnmasking(new Threshold(exact)),
                (call, tokens, position) -> new Answer(0, 1.0 / 20));

        assertEquals(4, run.decoding().calls());
    }

    @Test
    void theLowestPositionWinsTies() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withGenLength(4), (call, tokens, position) -> new Answer(6, 0.5));

        assertEquals(List.of("4=6", "5=6", "6=6", "7=6"), run.changes());
    }

    @Test
    void spreadsTheBlockEvenlyOverTheSteps() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withGenLength(4).withSteps(3), (call, tokens, position) -> new Answer(6, 0.5));

        assertEquals(List.of("4=6 5=6", "6=6", "7=6"), run.changes());
    }

    @Test
    void takesTheQuotaWhenFewerAreAboveTheThreshold() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withGenLength(4).withSteps(2),
                (call, tokens, position) -> new Answer(6, position == 6 ? 0.95 : 0.1 * position));

        assertEquals(List.of("6=6 7=6", "4=6 5=6"), run.changes());
    }

    @Test
    void theFirstBlockHoldsTheRestOfThePrompt() {
        var run = Scripted.run(
                new int[] {1, 2, 3, 4, 5, 6}, Scripted.settings().withGenLength(4).withUnmasking(new Threshold(-1)),
                (call, tokens, position) -> new Answer(7, 0.5));

        assertEquals(List.of("6=7 7=7", "8=7 9=7 10=7 11=7"), run.changes());
        assertEquals(List.of("[0..8) for [6, 7]", "[0..12) for [8, 9, 10, 11]"), run.calls());
        assertArrayEquals(new int[] {7, 7, 7, 7}, run.output());
    }

    @Test
    void neverCommitsTheMaskUnlessAskedTo() {
        var settings = Scripted.settings().withGenLength(4).withUnmasking(new Threshold(-1));
        ScriptedNetwork.Script mask = (call, tokens, position) -> new Answer(Scripted.MASK, 0.9);

        assertArrayEquals(new int[] {0, 0, 0, 0}, Scripted.run(PROMPT, settings, mask).output());
        var parity = Scripted.run(PROMPT, settings.withSuppressMask(false), mask);
        assertEquals(List.of("", "", "", ""), parity.changes());
        assertEquals(FinishReason.STEPS, parity.decoding().finishReason());
    }

    @Test
    void masksAreLeftOverWhenTheStepsRunOut() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withGenLength(4).withSteps(1).withUnmasking(new Threshold(-1))
                        .withSuppressMask(false),
                (call, tokens, position) -> new Answer(position == 5 ? Scripted.MASK : 3, 0.9));

        assertArrayEquals(new int[] {3, Scripted.MASK, 3, 3}, run.output());
        assertEquals(FinishReason.STEPS, run.decoding().finishReason());
    }
}
