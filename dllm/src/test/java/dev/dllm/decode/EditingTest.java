package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// LLaDA2.1's rule: committed tokens are revised.
class EditingTest {
    private static final int[] PROMPT = {1, 2, 3, 4, 5, 6};
    private static final DecodeSettings SETTINGS =
            Scripted.settings().withGenLength(2).withUnmasking(new Editing(0.7f, 0.5f));

    @Test
    void revisesCommittedTokensButNeverThePrompt() {
        var run = Scripted.run(PROMPT, SETTINGS, (call, tokens, position) -> new Answer(call == 0 ? 7 : 8, 0.8));

        assertEquals(List.of("6=7 7=7", "6=8 7=8", ""), run.changes());
        assertArrayEquals(new int[] {8, 8}, run.output());
        assertEquals("[0..8) for [6, 7]", run.calls().getFirst());
    }

    @Test
    void aRevisionNeedsItsOwnConfidence() {
        var run = Scripted.run(PROMPT, SETTINGS, (call, tokens, position) -> new Answer(call == 0 ? 7 : 8, call == 0 ? 0.8 : 0.45));

        assertEquals(List.of("6=7 7=7", ""), run.changes());
    }

    @Test
    void commitsAtLeastOneMaskPerCall() {
        var run = Scripted.run(PROMPT, SETTINGS, (call, tokens, position) -> new Answer(7, position == 7 ? 0.4 : 0.3));

        assertEquals(List.of("7=7", "6=7", ""), run.changes());
    }

    @Test
    void oscillationEndsAfterThePostSteps() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new Editing(0.7f, 0.5f, 1, 3)),
                (call, tokens, position) -> new Answer(7 + call % 2, 0.9));

        assertEquals(4, run.decoding().calls());
        assertEquals(FinishReason.LENGTH, run.decoding().finishReason());
    }

    @Test
    void withoutPostStepsABlockEndsWhenItIsFull() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new Editing(0.7f, 0.5f, 1, 0)), (call, tokens, position) -> new Answer(7, 0.9));

        assertEquals(1, run.decoding().calls());
    }

    @Test
    void anEditingThresholdAboveOneIsThePlainThresholdPlusOneCallPerBlock() {
        ScriptedNetwork.Script script =
                (call, tokens, position) -> new Answer(3 + (position * 7 + tokens[position]) % 5, 0.05 * (position % 18) + 0.06);
        var plain = Scripted.run(PROMPT, Scripted.settings().withUnmasking(new Threshold(0.7f)), script);
        var edit = Scripted.run(PROMPT, Scripted.settings().withUnmasking(new Editing(0.7f, 1.5f)), script);

        assertArrayEquals(plain.output(), edit.output());
        assertEquals(plain.decoding().calls() + 3, edit.decoding().calls());
    }

    @Test
    void aModelThatInsistsOnTheMaskDoesNotSpin() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withSuppressMask(false), (call, tokens, position) -> new Answer(Scripted.MASK, 0.9));

        assertEquals(1, run.decoding().calls());
        assertEquals(FinishReason.STEPS, run.decoding().finishReason());
    }
}
