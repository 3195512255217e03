package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the exact block-causal cache computes, call by call.
class BlockCacheTest {
    private static final int[] PROMPT = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    private static final DecodeSettings SETTINGS = Scripted.settings().withGenLength(7).withCache(new BlockCache());

    @Test
    void thePromptIsComputedOnceAndAFinishedBlockOnceMoreWithItsSuccessor() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new Threshold(-1)), (call, tokens, position) -> new Answer(3, 0.5));

        // The first call covers the prompt's full blocks and the block that holds its rest; the second one the finished
        // block and the new one.
        assertEquals(List.of("[0..12) for [9, 10, 11]", "[8..16) for [12, 13, 14, 15]"), run.calls());
        assertEquals(12 + 8, run.decoding().positionsComputed());
        assertEquals(List.of("0-3:[0, 4] 4-7:[0, 8] 8-11:[0, 12]", "8-11:[0, 12] 12-15:[0, 16]"), run.visible());
    }

    @Test
    void onlyTheBlockIsComputedWhileItIsDenoised() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withGenLength(3), (call, tokens, position) -> new Answer(3, 0.5));

        assertEquals(
                List.of("[0..12) for [9, 10, 11]", "[8..12) for [10, 11]", "[8..12) for [11]"), run.calls());
    }

    @Test
    void aLastCallThatChangedNothingNeedsNoSecondComputation() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new Editing(0.4f, 0.4f)), (call, tokens, position) -> new Answer(3, 0.5));

        assertEquals(
                List.of(
                        "[0..12) for [9, 10, 11]", "[8..12) for [9, 10, 11]",
                        "[12..16) for [12, 13, 14, 15]", "[12..16) for [12, 13, 14, 15]"),
                run.calls());
    }

    @Test
    void theWholeBlocksOfThePromptMayHaveACallOfTheirOwn() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new Threshold(-1)).withCache(new BlockCache(BlockCache.Commit.PROMPT, false)),
                (call, tokens, position) -> new Answer(3, 0.5));

        assertEquals(
                List.of("[0..8) for []", "[8..12) for [9, 10, 11]", "[8..16) for [12, 13, 14, 15]"), run.calls());
    }

    @Test
    void forDinferAShortPromptHasSuchACallTooAndOneIsMadeForEveryChangedBlock() {
        var run = Scripted.run(
                new int[] {1, 2}, SETTINGS.withGenLength(6).withUnmasking(new Threshold(-1))
                        .withCache(new BlockCache(BlockCache.Commit.PREFILLED, false)),
                (call, tokens, position) -> new Answer(3, 0.5));

        assertEquals(
                List.of(
                        "[0..4) for []", "[0..4) for [2, 3]", "[0..4) for []",
                        "[4..8) for [4, 5, 6, 7]", "[4..8) for []"),
                run.calls());
    }
}
