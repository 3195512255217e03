package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.DelayedCache;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the delayed cache computes, call by call. The surest mask is the last one unless a test says otherwise.
class DelayedCacheTest {
    private static final int[] PROMPT = {1, 2, 3};
    private static final DecodeSettings SETTINGS = Scripted.settings()
            .withAttention(new AttentionPattern.Bidirectional())
            .withGenLength(5)
            .withBlockLength(5)
            .withUnmasking(new Threshold(1.5f, 1, true));

    private static Scripted.Run run(DecodeSettings settings, CachePolicy cache) {
        return Scripted.run(PROMPT, settings.withCache(cache), (call, tokens, position) -> new Answer(5, 0.1 + 0.05 * position));
    }

    @Test
    void aTokenIsComputedOnceMoreAfterItWasDecodedAndThenLeftOut() {
        var run = run(SETTINGS, new DelayedCache(100, false, false));

        assertEquals(List.of("7=5", "6=5", "5=5", "4=5", "3=5"), run.changes());
        assertEquals(
                List.of(
                        "[0..8) for [3, 4, 5, 6, 7]", "[0..8) for [3, 4, 5, 6]", "[3..7) for [3, 4, 5]",
                        "[3..6) for [3, 4]", "[3..5) for [3]"),
                run.calls());
        // With one token per call and g masks at the start of a block, call i computes g - i + 1.
        assertEquals(8 + 8 + 4 + 3 + 2, run.decoding().positionsComputed());
        assertEquals("3-6:[0, 8]", run.visible().get(2));
    }

    @Test
    void decodedTokensBetweenMasksAreLeftOut() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withCache(new DelayedCache(100, false, false)),
                (call, tokens, position) -> new Answer(5, position == 5 ? 0.8 : 0.1 + 0.05 * position));

        assertEquals(
                List.of(
                        "[0..8) for [3, 4, 5, 6, 7]", "[0..8) for [3, 4, 6, 7]", "[3..5)+[6..8) for [3, 4, 6]",
                        "[3..5)+[6..7) for [3, 4]", "[3..5) for [3]"),
                run.calls());
    }

    @Test
    void everyRefreshComputesEverything() {
        assertEquals(
                List.of(
                        "[0..8) for [3, 4, 5, 6, 7]", "[0..8) for [3, 4, 5, 6]", "[3..7) for [3, 4, 5]",
                        "[0..8) for [3, 4]", "[3..5) for [3]"),
                run(SETTINGS, new DelayedCache(3, false, false)).calls());
    }

    @Test
    void aRefreshAtEveryCallIsNoCache() {
        assertEquals(
                Scripted.run(PROMPT, SETTINGS, (call, tokens, position) -> new Answer(5, 0.1 + 0.05 * position)).calls(),
                run(SETTINGS, new DelayedCache(1, false, false)).calls());
    }

    @Test
    void everyBlockStartsAnew() {
        assertEquals(
                List.of(
                        "[0..9) for [3, 4, 5]", "[0..9) for [3, 4]", "[3..5)+[6..9) for [3]",
                        // Nothing of the block is left but its last token, and the masks of the next one.
                        "[0..9) for [6, 7, 8]", "[0..9) for [6, 7]", "[6..8) for [6]"),
                run(SETTINGS.withGenLength(6).withBlockLength(3), new DelayedCache(100, false, false)).calls());
    }

    @Test
    void aCallThatCommitsNothingStillCounts() {
        // 3 masks in 4 steps: the last call finds nothing to do, but the tokens of two calls before it are left out all the same.
        var run = run(
                SETTINGS.withGenLength(3).withBlockLength(3).withSteps(5).withUnmasking(new Schedule())
                        .withPacing(new Pacing.Fixed()),
                new DelayedCache(100, false, false));

        assertEquals(
                List.of("[0..6) for [3, 4, 5]", "[0..6) for [3, 4]", "[3..5) for [3]", "[3..4) for []", "[0..6) for []"),
                run.calls());
    }

    @Test
    void whatARuleMasksAgainIsComputedAgain() {
        int[][] decoded = {{7}, {6}, {5}, {7}, {4}, {3}};
        Unmasking rule = new Unmasking() {
            @Override
            public State start() {
                return (step, edits) -> {
                    for (int position : decoded[step.call()]) {
                        edits.add(position, 5);
                    }
                    if (step.call() == 2) {
                        edits.add(7, Scripted.MASK);
                    }
                };
            }

            @Override
            public Pacing pacing() {
                return new Pacing.UntilFull(0);
            }
        };
        assertEquals(
                List.of(
                        "[0..8) for [3, 4, 5, 6, 7]", "[0..8) for [3, 4, 5, 6]", "[3..7) for [3, 4, 5]",
                        "[3..6)+[7..8) for [3, 4, 7]", "[3..5)+[7..8) for [3, 4]", "[3..5) for [3]"),
                run(SETTINGS.withUnmasking(rule), new DelayedCache(100, false, false)).calls());
    }

    @Test
    void thePromptCanBeKeptForGood() {
        var settings = SETTINGS.withGenLength(4).withBlockLength(2);
        assertEquals(
                List.of("[0..7) for [3, 4]", "[3..7) for [3]", "[3..7) for [5, 6]", "[3..7) for [5]"),
                run(settings, new DelayedCache(1, true, false)).calls());
        assertEquals(
                List.of(
                        "[0..8) for [3, 4, 5, 6, 7]", "[3..8) for [3, 4, 5, 6]", "[3..7) for [3, 4, 5]",
                        "[3..8) for [3, 4]", "[3..5) for [3]"),
                run(SETTINGS, new DelayedCache(3, true, false)).calls());
    }

    /// Rows 2 to 6 predict positions 3 to 7.
    @Test
    void aRowOfAShiftedModelIsComputedUntilTheNextPositionWasDecoded() {
        var run = run(SETTINGS.withShifted(true), new DelayedCache(100, false, false));

        assertEquals(List.of("7=5", "6=5", "5=5", "4=5", "3=5"), run.changes());
        assertEquals(
                List.of(
                        "[0..8) for [2, 3, 4, 5, 6]", "[2..8) for [2, 3, 4, 5]", "[2..8) for [2, 3, 4]",
                        "[2..6) for [2, 3]", "[2..5) for [2]"),
                run.calls());
    }

    @Test
    void masksThatPredictNothingCanBeKept() {
        // The last position and those before decoded ones are left out although they were masks when they were computed.
        assertEquals(
                List.of(
                        "[0..8) for [2, 3, 4, 5, 6]", "[2..8) for [2, 3, 4, 5]", "[2..6) for [2, 3, 4]",
                        "[2..5) for [2, 3]", "[2..4) for [2]"),
                run(SETTINGS.withShifted(true), new DelayedCache(100, false, true)).calls());
    }

    @Test
    void theRowThatPredictsTheFirstMaskIsNotKept() {
        assertEquals(
                List.of("[0..6) for [2, 3, 4]", "[2..6) for [2, 3]", "[2..6) for [2]"),
                run(SETTINGS.withShifted(true).withGenLength(3), new DelayedCache(1, true, false)).calls());
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThrows(IllegalArgumentException.class, () -> new DelayedCache(0, false, false));
        assertThrows(IllegalArgumentException.class, () -> run(SETTINGS, new DelayedCache(8, false, true)));
    }
}
