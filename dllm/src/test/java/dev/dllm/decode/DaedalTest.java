package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// DAEDAL: the canvas grows until the text ends in it, then where the model is unsure.
class DaedalTest {
    private static final int[] PROMPT = {1, 2};
    private static final int EOS = Scripted.EOS;
    private static final int M = Scripted.MASK;

    private static Daedal daedal(int maxLength, int expansion, float eosConfidence) {
        return new Daedal(maxLength, 0.9f, 0.2f, expansion, eosConfidence, 0.9f, 2, OptionalInt.of(EOS));
    }

    private static DecodeSettings settings(Daedal rule) {
        return Scripted.bidirectional(4).withBlockLength(4).withUnmasking(rule);
    }

    @Test
    void theFirstGuessGrowsUntilTheTextEndsInIt() {
        // From position 7 on the model proposes EOS. Of 4 positions none, of 6 one: 0.95 / 2 is less than 0.5; of 8 three, of
        // which two count.
        var run = Scripted.run(
                PROMPT, settings(daedal(8, 2, 0.5f)),
                (call, tokens, position) -> position < 7 ? new Answer(5, 0.5) : new Answer(EOS, 0.95));

        assertEquals(
                List.of(
                        "[1, 2, 19, 19, 19, 19, 19, 19]", "[1, 2, 19, 19, 19, 19, 19, 19, 19, 19]", "",
                        "2=5", "3=5", "4=5", "5=5", "7=18 8=18 9=18", "6=5"),
                Scripted.canvases(run));
        assertArrayEquals(new int[] {5, 5, 5, 5, 5, EOS, EOS, EOS}, run.output());
        // The whole text is looked at as long as it may grow, and the block alone afterwards.
        assertEquals("[0..8) for [2, 3, 4, 5, 6, 7]", run.calls().get(1));
        assertEquals("[0..10) for [2, 3, 4, 5]", run.calls().get(3));
    }

    @Test
    void anUnsureMaskBecomesSeveral() {
        // The guess is taken as it is, and one EOS put behind it.
        ScriptedNetwork.Script script = (call, tokens, position) ->
                call == 1 && position == 3 ? new Answer(6, 0.15) : new Answer(call == 1 ? 5 : 7, 0.95);
        var run = Scripted.run(PROMPT, settings(daedal(8, 2, 0)), script);

        assertEquals(
                List.of("[1, 2, 19, 19, 19, 19, 18]", "[1, 2, 5, 19, 19, 5, 5, 18]", "3=7 4=7"), Scripted.canvases(run));
        assertArrayEquals(new int[] {5, 7, 7, 5, 5, EOS}, run.output());
    }

    @Test
    void growthIsCutOffAtTheLimit() {
        ScriptedNetwork.Script script = (call, tokens, position) ->
                call == 1 && position == 3 ? new Answer(6, 0.15) : new Answer(call == 1 ? 5 : 7, 0.95);
        var run = Scripted.run(PROMPT, settings(daedal(6, 4, 0)), script);

        assertEquals(
                List.of("[1, 2, 19, 19, 19, 19, 18]", "[1, 2, 5, 19, 19, 19, 19, 5]", "3=7 4=7 5=7", "6=7"),
                Scripted.canvases(run));
    }

    @Test
    void aTextThatEndsForSureGrowsNoMore() {
        // Both positions that are looked at are EOS with 0.95.
        ScriptedNetwork.Script script = (call, tokens, position) ->
                call == 1 && position == 3 ? new Answer(6, 0.15) : new Answer(position > 3 ? EOS : 5, 0.95);
        var run = Scripted.run(PROMPT, settings(daedal(8, 2, 0)), script);

        assertEquals(List.of("[1, 2, 19, 19, 19, 19, 18]", "2=5 4=18 5=18", "3=5"), Scripted.canvases(run));
    }

    @Test
    void withoutExpansionItIsAThreshold() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5 + position % 3, position % 2 == 0 ? 0.95 : 0.1 + 0.01 * position);
        var rule = new Daedal(4, 0.9f, -1, 8, 0, 0.9f, 2, OptionalInt.of(EOS));
        var plain = Scripted.run(PROMPT, Scripted.bidirectional(4).withBlockLength(4).withUnmasking(new Threshold(0.9f, 1, false)), script);

        var changes = Scripted.run(PROMPT, settings(rule), (call, tokens, position) -> script.answer(call, tokens, position)).changes();
        assertEquals(plain.changes(), changes.subList(1, changes.size()));
    }

    @Test
    void aModelThatInsistsOnTheMaskGetsTheNextBestToken() {
        var rule = new Daedal(4, 0.9f, -1, 8, 0, 0.9f, 2, OptionalInt.of(EOS));
        var run = Scripted.run(
                PROMPT, settings(rule).withSuppressMask(false), (call, tokens, position) -> new Answer(M, position == 4 ? 0.5 : 0.9));

        assertArrayEquals(new int[] {0, 0, 0, 0}, run.output());
    }

    @Test
    void givenTextIsMovedAndKept() {
        Template template = Template.hole(2).andText(11);
        var run = Scripted.run(
                PROMPT, template, Scripted.bidirectional(2).withUnmasking(daedal(4, 2, 0.5f)), Scripted.SPEC,
                (call, tokens, position) -> new Answer(5, 0.95));

        assertArrayEquals(new int[] {1, 2, 5, 5, 5, 5, 11}, run.decoding().wholeCanvas());
        assertArrayEquals(new int[] {5, 5, 5, 5}, run.output());
    }

    @Test
    void needsAModelThatSeesEverything() {
        var settings = Scripted.settings().withUnmasking(UnmaskingRules.parse("daedal:64"));

        assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(PROMPT, settings, (call, tokens, position) -> new Answer(5, 0.95)));
        assertEquals("daedal:64,0.9,0.1", UnmaskingRules.parse("daedal:64").toString());
    }
}
