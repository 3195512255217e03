package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeftPenaltyTest {
    private static final int[] PROMPT = {1, 2, 3, 5};
    private static final DecodeSettings SETTINGS = Scripted.settings().withGenLength(4);

    @Test
    void aTokenDoesNotFollowItself() {
        // Left to right, everybody wants 5; ln(0.9 / (0.1 / 19)) is 5.1, so that a penalty of 6 makes another token first.
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5, 0.9 - 0.01 * position);
        DecodeSettings settings = SETTINGS.withUnmasking(new Schedule()).withConfidence(Confidence.LEFTMOST);

        // The first position of the block may repeat what stands in the block before.
        assertArrayEquals(
                new int[] {5, 0, 5, 0}, Scripted.run(PROMPT, settings.withHooks(new LeftPenalty(6)), script).output());
        assertArrayEquals(
                new int[] {5, 5, 5, 5}, Scripted.run(PROMPT, settings.withHooks(new LeftPenalty(4)), script).output());
    }

    @Test
    void confidenceIsTakenBehindThePenalty() {
        // 5 and 7 repeat their left neighbours, which are committed first.
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new Threshold(0.85f, 1, false)).withHooks(new LeftPenalty(1)),
                (call, tokens, position) -> new Answer(position < 6 ? 5 : 6, position % 2 == 0 ? 0.95 : call == 0 ? 0.8 : 0.9));

        assertEquals(List.of("4=5 6=6", "5=5", "7=6"), run.changes());
    }

    @Test
    void refusesARewardForRepetition() {
        assertThrows(IllegalArgumentException.class, () -> new LeftPenalty(-1));
    }
}
