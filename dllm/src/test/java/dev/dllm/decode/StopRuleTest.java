package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopRuleTest {
    private static final int[] PROMPT = {1, 2, 3, 4};

    /// Position 5 becomes the EOS, the most confident positions come first: 7, 6, 5, 4.
    private static Answer eosAtFive(int call, int[] tokens, int position) {
        return new Answer(position == 5 ? Scripted.EOS : 7, 0.5 + 0.01 * position);
    }

    @Test
    void stopsAfterTheBlockThatHoldsAnEos() {
        var run = Scripted.run(PROMPT, Scripted.settings(), StopRuleTest::eosAtFive);

        assertArrayEquals(new int[] {7, Scripted.EOS}, run.output());
        assertEquals(4, run.decoding().calls());
        assertEquals(FinishReason.EOS, run.decoding().finishReason());
    }

    @Test
    void decodesOnWithoutAStopRuleButCutsTheText() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withStop(new StopRule(new int[] {Scripted.EOS}, false, false, false)),
                StopRuleTest::eosAtFive);

        assertArrayEquals(new int[] {7, Scripted.EOS}, run.output());
        assertEquals(8, run.decoding().calls());
    }

    @Test
    void stopsInsideABlockOnceTheEosWasWrittenBehindCommittedTokens() {
        var settings = Scripted.settings().withStop(new StopRule(new int[] {Scripted.EOS}, true, true, false));
        // Left to right: 4, then the EOS at 5; 6 and 7 are never decoded.
        var run = Scripted.run(
                PROMPT, settings, (call, tokens, position) -> new Answer(position == 5 ? Scripted.EOS : 7, 0.8 - 0.01 * position));
        assertArrayEquals(new int[] {7, Scripted.EOS}, run.output());
        assertEquals(2, run.decoding().calls());

        // Right to left: when the EOS is written a mask stands before it, and no later call writes one.
        assertEquals(4, Scripted.run(PROMPT, settings, StopRuleTest::eosAtFive).decoding().calls());
    }

    @Test
    void fillsWhatStandsBehindAnEos() {
        // Right to left: 7 and 6 are committed before the EOS at 5, which overwrites them and the next block.
        var run = Scripted.run(
                PROMPT, Scripted.settings().withStop(StopRule.filling(Scripted.EOS)), StopRuleTest::eosAtFive);

        assertEquals(
                List.of("7=7", "6=7", "5=18 6=18 7=18 8=18 9=18 10=18 11=18", "4=7"), run.changes());
        assertArrayEquals(new int[] {7, Scripted.EOS}, run.output());
        assertEquals(FinishReason.EOS, run.decoding().finishReason());
    }

    @Test
    void anEosOfThePromptCountsOnlyForParity() {
        int[] prompt = {1, Scripted.EOS, 3, 4};
        ScriptedNetwork.Script script =
                (call, tokens, position) -> new Answer(position == 6 ? Scripted.EOS : 7, 0.8 - 0.01 * position);
        var sane = Scripted.settings().withStop(new StopRule(new int[] {Scripted.EOS}, true, true, false));
        var parity = Scripted.settings().withStop(new StopRule(new int[] {Scripted.EOS}, true, true, true));

        assertArrayEquals(new int[] {7, 7, Scripted.EOS}, Scripted.run(prompt, sane, script).output());
        assertArrayEquals(new int[0], Scripted.run(prompt, parity, script).output());
    }

    @Test
    void anEosBehindTheGenerationLengthIsNotReturned() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withGenLength(2),
                (call, tokens, position) -> new Answer(position == 7 ? Scripted.EOS : 7, 0.95));

        assertArrayEquals(new int[] {7, 7}, run.output());
        assertEquals(FinishReason.LENGTH, run.decoding().finishReason());
    }

    @Test
    void leavesMasksBehindAnEosAsTheyAre() {
        var run = Scripted.run(
                PROMPT, Scripted.settings().withStop(StopRule.leaving(Scripted.EOS)),
                (call, tokens, position) -> position == 5 ? new Answer(Scripted.EOS, 0.95) : new Answer(6, 0.1 * position));

        assertEquals(List.of("5=" + Scripted.EOS, "4=6"), run.changes());
        assertEquals(FinishReason.EOS, run.decoding().finishReason());
        assertArrayEquals(new int[] {6, Scripted.EOS}, run.output());
    }

    @Test
    void whatStandsBehindATextMayBecomeEosInTheTraceOfTheLastCall() {
        var settings = Scripted.settings().withUnmasking(new Threshold(-1));
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(position == 5 ? Scripted.EOS : 7, 0.5);
        var filled = Scripted.run(PROMPT, settings.withStop(new StopRule(new int[] {Scripted.EOS}, true, false, StopRule.Fill.STOPPED, false, false)), script);

        assertEquals(List.of("4=7 5=18 6=7 7=7 8=18 9=18 10=18 11=18"), filled.changes());
        assertArrayEquals(new int[] {7, Scripted.EOS}, filled.output());
        assertArrayEquals(new int[] {1, 2, 3, 4, 7, 18, 7, 7, 18, 18, 18, 18}, filled.decoding().wholeCanvas());
        assertEquals(List.of("4=7 5=18 6=7 7=7"), Scripted.run(PROMPT, settings, script).changes());
    }

    @Test
    void thePromptsShareOfABlockCountsOnlyForDinfer() {
        int[] prompt = {1, 2, 3, 4, Scripted.EOS};
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(7, 0.5);
        var settings = Scripted.settings().withUnmasking(new Threshold(-1));
        var parity = settings.withStop(new StopRule(new int[] {Scripted.EOS}, true, false, StopRule.Fill.STOPPED, false, true));

        assertEquals(List.of("5=7 6=7 7=7", "8=7 9=7 10=7 11=7", "12=7 13=7 14=7 15=7"), Scripted.run(prompt, settings, script).changes());
        assertEquals(
                List.of("5=7 6=7 7=7 8=18 9=18 10=18 11=18 12=18 13=18 14=18 15=18"),
                Scripted.run(prompt, parity, script).changes());
        // An EOS in an earlier block of the prompt does not.
        int[] earlier = {1, 2, Scripted.EOS, 4, 5};
        assertEquals(3, Scripted.run(earlier, parity, script).decoding().calls());
    }

    @Test
    void masksAreNotLeftWhereTheRunGoesOn() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new StopRule(new int[] {Scripted.EOS}, true, false, StopRule.Fill.LEFT, false, false));
    }
}
