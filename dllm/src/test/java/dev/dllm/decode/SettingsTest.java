package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The choices that compose with any rule, on a network whose answers are known.
class SettingsTest {
    private static final int[] PROMPT = {1, 2, 3, 4, 5};
    private static final DecodeSettings FULL = DecodeSettings.of(new AttentionPattern.Bidirectional(), 3, DecodeSettings.WHOLE);

    @Test
    void confidenceDecidesTheOrder() {
        ScriptedNetwork.Script laterIsSurer = (_, _, position) -> new Answer(7, position / 10.0);
        assertEquals(List.of("7=7", "6=7", "5=7"), Scripted.run(PROMPT, FULL, laterIsSurer).changes());
        assertEquals(
                List.of("5=7", "6=7", "7=7"),
                Scripted.run(PROMPT, FULL.withConfidence(Confidence.LEFTMOST), laterIsSurer).changes());
        assertEquals(
                List.of("7=7", "6=7", "5=7"),
                Scripted.run(PROMPT, FULL.withConfidence(Confidence.ENTROPY), laterIsSurer).changes());
    }

    /// Row i predicts position i + 1, so the script is asked for one position less.
    @Test
    void shiftedRowsPredictTheirSuccessors() {
        var run = Scripted.run(PROMPT, FULL.withShifted(true), (_, _, row) -> new Answer(row + 4, 0.9));
        assertEquals(List.of("5=8", "6=9", "7=10"), run.changes());
        assertEquals("[0..8) for [4, 5, 6]", run.calls().getFirst());
    }

    @Test
    void spansArePartsOfABlock() {
        var run = Scripted.run(
                PROMPT, FULL.withSpanLength(2).withUnmasking(new Threshold(-1)), (_, _, _) -> new Answer(7, 0.5));
        assertEquals(List.of("5=7 6=7", "7=7"), run.changes());
    }

    /// The network wants 6, and without its prompt even more so: guidance moves away from it.
    @Test
    void guidanceMovesAwayFromTheUnconditionalLogits() {
        ScriptedNetwork.Script script = (_, tokens, _) ->
                tokens[0] == Scripted.MASK ? new Answer(6, 0.9) : new Answer(6, 0.6);
        var plain = Scripted.run(PROMPT, FULL, script);
        var guided = Scripted.run(PROMPT, FULL.withGuidance(3), script);
        assertEquals("5=6", plain.changes().getFirst());
        // Token 6 gets ln 0.9 + 4 · (ln 0.6 − ln 0.9) = −1.7, every other ln 0.1/19 + 4 · (ln 0.4/19 − ln 0.1/19) = 0.3.
        assertEquals("5=0", guided.changes().getFirst());
        assertEquals(2 * plain.decoding().positionsComputed(), guided.decoding().positionsComputed());
    }

    /// Calls 0 to 4 and every third one are evaluated without the prompt; in between its difference still counts.
    @Test
    void guidanceIsUsedAgainBetweenEvaluations() {
        ScriptedNetwork.Script script = (_, tokens, position) ->
                tokens[0] == Scripted.MASK ? new Answer(6, 0.9) : new Answer(6, 0.7 - position / 100.0);
        DecodeSettings guided = DecodeSettings.of(new AttentionPattern.Bidirectional(), 9, DecodeSettings.WHOLE).withGuidance(3);
        var always = Scripted.run(PROMPT, guided, script);
        var seldom = Scripted.run(PROMPT, guided.withGuidanceInterval(3), script);
        assertEquals(always.changes(), seldom.changes());
        assertEquals(9, seldom.decoding().calls());
        assertEquals(2 * 9 * 14, always.decoding().positionsComputed());
        assertEquals((2 * 6 + 3) * 14, seldom.decoding().positionsComputed());
    }

    @Test
    void hooksChangeLogitsAndSeeEveryCall() {
        LogitHook never7 = () -> (_, _, positions, rows) -> {
            for (int i = 0; i < positions.length; i++) {
                rows.row(i)[7] = Float.NEGATIVE_INFINITY;
            }
        };
        var run = Scripted.run(PROMPT, FULL.withHooks(never7), (_, _, _) -> new Answer(7, 0.9));
        assertEquals(List.of("5=0", "6=0", "7=0"), run.changes());
    }

    /// The second call is sure enough: everything left is committed with it, in every block.
    @Test
    void anExitCommitsAllThatIsLeft() {
        ExitRule afterTwo = _ -> step -> step.call() == 1;
        var run = Scripted.run(
                PROMPT, FULL.withGenLength(6).withBlockLength(3).withExit(afterTwo),
                (_, _, position) -> new Answer(position, 0.9));
        assertEquals(List.of("5=5", "6=6 7=7 8=8 9=9 10=10"), run.changes());
        assertEquals(FinishReason.LENGTH, run.decoding().finishReason());
    }

    /// One call for the prompt's whole block, one per step, one for every finished block.
    @Test
    void aBlockCacheMayMakeCallsOfItsOwn() {
        DecodeSettings settings = Scripted.settings().withUnmasking(new Threshold(-1)).withGenLength(7);
        assertEquals(
                List.of("[0..4) for []", "[4..8) for [5, 6, 7]", "[4..8) for []", "[8..12) for [8, 9, 10, 11]", "[8..12) for []"),
                calls(settings.withCache(new BlockCache(BlockCache.Commit.AFTER, false))));
        assertEquals(
                List.of("[0..4) for []", "[4..8) for [5, 6, 7]", "[4..8) for []", "[8..12) for [8, 9, 10, 11]"),
                calls(settings.withCache(new BlockCache(BlockCache.Commit.BEFORE, false))));
    }

    /// The call that stores a block of a shifted model predicts the first position of the next one.
    @Test
    void aStoringCallOfAShiftedModelCommitsTheNextToken() {
        DecodeSettings settings = Scripted.settings()
                .withUnmasking(new Threshold(-1))
                .withGenLength(7)
                .withShifted(true)
                .withCache(new BlockCache(BlockCache.Commit.AFTER, false));
        var run = Scripted.run(PROMPT, settings, (_, _, _) -> new Answer(7, 0.5));
        assertEquals(List.of("", "5=7 6=7 7=7", "8=7", "9=7 10=7 11=7", "12=7"), run.changes());
    }

    @Test
    void numbersOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> FULL.withGuidance(-1));
        assertThrows(IllegalArgumentException.class, () -> FULL.withSpanLength(0));
        assertThrows(IllegalArgumentException.class, () -> FULL.withSteps(-1));
    }

    private static List<String> calls(DecodeSettings settings) {
        return Scripted.run(PROMPT, settings, (_, _, _) -> new Answer(7, 0.5)).calls();
    }
}
