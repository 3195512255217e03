package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is sure and has stopped changing is committed.
class KlassTest {
    private static final int[] PROMPT = {1, 2, 3, 4};

    @Test
    void aDistributionSettlesOnceItsWholeHistoryHasBeenStill() {
        // The first of two remembered divergences, from nothing, is huge; the second call adds one of 0, the third another.
        assertEquals(
                List.of("7=5", "6=5", "4=5 5=5"), changes(klass(2, 1, 0, Klass.Pick.ALL), (call, tokens, position) -> still(position)));
        assertEquals(
                List.of("7=5", "4=5 5=5 6=5"), changes(klass(1, 1, 0, Klass.Pick.ALL), (call, tokens, position) -> still(position)));
    }

    @Test
    void aDistributionThatMovesIsNotSettled() {
        ScriptedNetwork.Script moves = (call, tokens, position) ->
                new Answer(5, position == 4 && call % 2 == 1 ? 0.8 : 0.9 + 0.01 * (position - 4));

        // Position 4 swings until it is the only one left, and then is the surest.
        assertEquals(List.of("7=5", "5=5 6=5", "4=5"), changes(klass(1, 1, 0, Klass.Pick.ALL), moves));
    }

    @Test
    void stillnessAloneIsNotEnough() {
        ScriptedNetwork.Script unsure = (call, tokens, position) -> new Answer(5, 0.3 + 0.01 * position);

        assertEquals(List.of("7=5", "6=5", "5=5", "4=5"), changes(klass(1, 1, 0, Klass.Pick.ALL), unsure));
    }

    @Test
    void onePositionMayBePickedBySureness() {
        assertEquals(
                List.of("6=5 7=5", "5=5", "4=5"),
                changes(klass(1, 2, 0, Klass.Pick.SUREST), (call, tokens, position) -> still(position)));
    }

    @Test
    void onePositionMayBePickedByStillness() {
        // Position 6 moves a little at every call, 4 and 5 do not; the lower of these is first.
        ScriptedNetwork.Script moves = (call, tokens, position) ->
                new Answer(5, position == 6 ? 0.95 + 0.001 * (call % 2) : 0.9 + (position == 7 ? 0.09 : 0));

        assertEquals(List.of("7=5", "4=5", "5=5", "6=5"), changes(klass(1, 1, 0, Klass.Pick.STEADIEST), moves));
    }

    @Test
    void masksOfLaterBlocksAreFollowedAndADelayWaitsAllTheSame() {
        DecodeSettings blocks =
                Scripted.settings().withGenLength(4).withAttention(new AttentionPattern.Bidirectional()).withBlockLength(2);
        ScriptedNetwork.Script script = (call, tokens, position) -> still(position);

        assertEquals(
                List.of("5=5", "4=5", "6=5 7=5"),
                Scripted.run(PROMPT, blocks.withUnmasking(klass(1, 1, 0, Klass.Pick.ALL)), script).changes());
        assertEquals(
                List.of("5=5", "4=5", "7=5", "6=5"),
                Scripted.run(PROMPT, blocks.withUnmasking(klass(1, 1, 1, Klass.Pick.ALL)), script).changes());
    }

    @Test
    void withoutSettledPositionsTheRequiredNumberIsCommitted() {
        assertEquals(
                List.of("6=5 7=5", "4=5 5=5"), changes(klass(9, 2, 0, Klass.Pick.ALL), (call, tokens, position) -> still(position)));
        assertEquals(
                List.of("6=5 7=5", "5=5", "4=5"),
                Scripted.run(
                                PROMPT, Scripted.settings().withGenLength(4).withSteps(3).withUnmasking(klass(9, 0, 0, Klass.Pick.ALL)),
                                (call, tokens, position) -> still(position))
                        .changes());
    }

    @Test
    void namesAreReadAsTheyAreWritten() {
        Klass rule = new Klass(0.8f, 0.02f, 3, 2, 1, Klass.Pick.STEADIEST);

        assertEquals(rule, UnmaskingRules.parse(rule.toString()));
        for (String text : List.of("klass:NaN", "klass:0.9,0", "klass:0.9,0.01,0", "klass:0.9,0.01,2,-1", "klass:0.9,0.01,2,1,-1")) {
            assertThrows(IllegalArgumentException.class, () -> UnmaskingRules.parse(text), text);
        }
    }

    private static Answer still(int position) {
        return new Answer(5, 0.9 + 0.01 * (position - PROMPT.length));
    }

    private static Klass klass(int history, int atLeast, int delay, Klass.Pick pick) {
        return new Klass(0.85f, 0.001f, history, atLeast, delay, pick);
    }

    private static List<String> changes(Unmasking rule, ScriptedNetwork.Script script) {
        return Scripted.run(PROMPT, Scripted.settings().withGenLength(4).withUnmasking(rule), script).changes();
    }
}
