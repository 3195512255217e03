package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                PROMPT, Scripted.settings().withStop(StopRule.never(Scripted.EOS)),
                StopRuleTest::eosAtFive);

        assertArrayEquals(new int[] {7, Scripted.EOS}, run.output());
        assertEquals(8, run.decoding().calls());
    }

    @Test
    void stopsInsideABlockOnceTheEosWasWrittenBehindCommittedTokens() {
        var settings = Scripted.settings().withStop(StopRule.whenComplete(Scripted.EOS));
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
        var sane = Scripted.settings().withStop(StopRule.whenComplete(Scripted.EOS));
        var parity = Scripted.settings().withStop(StopRule.whenComplete(Scripted.EOS).withQuirks(StopRule.Quirks.LLADA2));

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
        var stop = new StopRule(new int[] {Scripted.EOS}, StopRule.When.BLOCK, StopRule.Fill.STOPPED);
        var filled = Scripted.run(PROMPT, settings.withStop(stop), script);

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
        var parity = settings.withStop(new StopRule(new int[] {Scripted.EOS}, StopRule.When.BLOCK, StopRule.Fill.STOPPED)
                .withQuirks(StopRule.Quirks.DINFER));

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
                () -> new StopRule(new int[] {Scripted.EOS}, StopRule.When.BLOCK, StopRule.Fill.LEFT));
    }

    /// One call per block of 4; position 9, in the second block, becomes an EOS, and the whole third block.
    private static Answer eosAtNineAndInTheThirdBlock(int call, int[] tokens, int position) {
        return new Answer(position == 9 || position >= 12 && position < 16 ? Scripted.EOS : 7, 0.95);
    }

    /// The rows of the table of systems: where each of them stops, and what is left of the same text.
    @ParameterizedTest
    @CsvSource({
        // LLaDA, Dream: all 4 blocks.
        "NEVER, NONE, 4, 7",
        // LLaDA2, SDAR: after the second; the masks behind it are left.
        "BLOCK, NONE, 2, 19",
        // dInfer's early_stop: what follows the second is EOS without being decoded.
        "BLOCK, STOPPED, 2, 18",
        // LLaDA2's early return: nothing before the EOS is masked once the second is decoded.
        "COMPLETE, NONE, 2, 19",
        // FlashDLM's early_stop: the same, and what follows is EOS.
        "COMPLETE, BEHIND, 2, 18",
        // d2Cache's stop_until_eos: what follows stays masked.
        "COMPLETE, LEFT, 2, 19",
        // FreeDave: the second is not EOS only, the third is.
        "EOS_BLOCK, NONE, 3, 19"
    })
    void stopsWhereTheSystemsDo(StopRule.When when, StopRule.Fill fill, int calls, int last) {
        var settings = Scripted.settings().withGenLength(16).withStop(new StopRule(new int[] {Scripted.EOS}, when, fill));
        var run = Scripted.run(PROMPT, settings, StopRuleTest::eosAtNineAndInTheThirdBlock);

        assertEquals(calls, run.decoding().calls());
        int[] canvas = run.decoding().wholeCanvas();
        assertEquals(last, canvas[canvas.length - 1]);
        assertArrayEquals(new int[] {7, 7, 7, 7, 7, Scripted.EOS}, run.output());
        assertEquals(FinishReason.EOS, run.decoding().finishReason());
    }

    @Test
    void aBlockOfGivenTextIsNoBlockOfEos() {
        var settings = Scripted.settings().withGenLength(12).withStop(Scripted.settings().stop().withWhen(StopRule.When.EOS_BLOCK));
        // The first block behind the prompt is a hole of 2 and given EOS: text stands behind, so that its EOS end nothing.
        var run = Scripted.run(
                PROMPT, Template.hole(2).andText(Scripted.EOS, Scripted.EOS).andHole(8), settings, Scripted.SPEC,
                (call, tokens, position) -> new Answer(position < 12 ? Scripted.EOS : 7, 0.95));

        // The second block is the first that consists of EOS behind all given text.
        assertEquals(List.of("4=18 5=18", "8=18 9=18 10=18 11=18"), run.changes());
        assertArrayEquals(new int[] {18, 18, 18, 18, 18}, run.output());
    }

    @Test
    void aPromptsShareOfABlockIsNotGenerated() {
        var settings = Scripted.settings().withStop(Scripted.settings().stop().withWhen(StopRule.When.EOS_BLOCK));
        var run = Scripted.run(
                new int[] {1, 2, 3, 4, 5}, settings, (call, tokens, position) -> new Answer(Scripted.EOS, 0.95));

        assertEquals(List.of("5=18 6=18 7=18"), run.changes());
    }

    @Test
    void aTextThatRepeatsEndsBeforeWhatRepeats() {
        var settings = Scripted.bidirectional(12).withConfidence(Confidence.LEFTMOST);
        // 4 6 8 10 3 3 3 …: a window of 4 has an entropy of ln 4 at first, then 1.04 (two of four the same) and 0.56 (three).
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(position < 8 ? 2 * position - 4 : 3, 0.5);
        StopRule below = StopRule.never(Scripted.EOS).withRepetition(new Repetition(4, 0.6));

        var run = Scripted.run(PROMPT, settings.withStop(below), script);
        assertEquals(7, run.decoding().calls());
        assertArrayEquals(new int[] {4, 6, 8}, run.output());
        assertEquals(
                6, Scripted.run(PROMPT, settings.withStop(below.withRepetition(new Repetition(4, 1.1))), script).decoding().calls());
        // 0.5623… is not below itself.
        double entropy = -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75);
        assertEquals(
                8,
                Scripted.run(PROMPT, settings.withStop(below.withRepetition(new Repetition(4, entropy))), script).decoding().calls());
    }

    /// Positions 2 to 9 differ, from 10 on all are 3: a window of 4 is [10, 14) when its entropy first is 0, in the third block of 4.
    /// Blocks are settled but for the last 4 positions, so that nothing of the window has been reported before it is cut.
    @Test
    void whatRepeatsHasNotBeenReportedAsFinal() {
        DecodeSettings settings = DecodeSettings.of(new AttentionPattern.BlockCausal(4), 18, 4)
                .withConfidence(Confidence.LEFTMOST)
                .withStop(StopRule.never(Scripted.EOS).withRepetition(new Repetition(4, 0.1)));
        List<String> reported = new ArrayList<>();
        DecodeListener listener = new DecodeListener() {
            @Override
            public void committed(int sequence, Canvas canvas, int from, int to) {
                reported.add(from + "-" + to);
            }
        };

        var run = Scripted.run(
                new int[] {1, 2}, settings, (call, tokens, position) -> new Answer(position < 10 ? position + 2 : 3, 0.5), listener);

        assertEquals(FinishReason.REPETITION, run.decoding().finishReason());
        assertArrayEquals(new int[] {4, 5, 6, 7, 8, 9, 10, 11}, run.output());
        assertEquals(List.of("2-4", "4-8", "8-10"), reported);
    }

    /// What fills the canvas behind the end of a text is no repetition.
    @Test
    void aTextThatIsOverDoesNotRepeat() {
        DecodeSettings settings = Scripted.bidirectional(8)
                .withConfidence(Confidence.LEFTMOST)
                .withStop(StopRule.never(Scripted.EOS).withRepetition(new Repetition(4, 1)));

        var run = Scripted.run(PROMPT, settings, (call, tokens, position) -> new Answer(position == PROMPT.length ? 7 : Scripted.EOS, 0.5));

        assertEquals(FinishReason.EOS, run.decoding().finishReason());
        assertArrayEquals(new int[] {7, Scripted.EOS}, run.output());
    }

    @Test
    void aTextNoLongerThanTheWindowDoesNotRepeat() {
        var settings = Scripted.bidirectional(4).withStop(StopRule.never().withRepetition(new Repetition(4, 1)));

        assertEquals(4, Scripted.run(PROMPT, settings, (call, tokens, position) -> new Answer(3, 0.5)).output().length);
        assertThrows(IllegalArgumentException.class, () -> new Repetition(0, 4));
        assertThrows(IllegalArgumentException.class, () -> new Repetition(256, -1));
    }
}
