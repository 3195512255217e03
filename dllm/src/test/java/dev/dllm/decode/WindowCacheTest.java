package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.cache.CachePolicies;
import dev.dllm.cache.WindowCache;
import dev.dllm.cache.WindowCache.Refresh;
import dev.dllm.cache.WindowCache.Scope;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What caches with a window compute, call by call.
class WindowCacheTest {
    private static final int[] PROMPT = {1, 2, 3};
    private static final ScriptedNetwork.Script UNSURE = (call, tokens, position) -> new Answer(5, 0.5);

    /// Two blocks of 2, one token per call, every position visible.
    private static final DecodeSettings SETTINGS = Scripted.settings()
            .withAttention(new AttentionPattern.Bidirectional())
            .withGenLength(4)
            .withBlockLength(2)
            .withUnmasking(new Threshold(0.9f, 1, true));

    private static Scripted.Run run(Scope scope, Refresh refresh, boolean shifted) {
        return Scripted.run(
                PROMPT, SETTINGS.withShifted(shifted).withCache(new WindowCache(scope, refresh)), UNSURE);
    }

    @Test
    void thePrefixIsStoredAtTheFirstCallOfEveryBlock() {
        var run = run(Scope.REST, Refresh.BLOCK, false);

        assertEquals(
                List.of("[0..7) for [3, 4]", "[3..7) for [4]", "[0..7) for [5, 6]", "[5..7) for [6]"), run.calls());
        assertEquals(List.of("0-6:[0, 7]", "3-6:[0, 7]", "0-6:[0, 7]", "5-6:[0, 7]"), run.visible());
        assertEquals(7 + 4 + 7 + 2, run.decoding().positionsComputed());
    }

    @Test
    void dualComputesTheBlockAlone() {
        var run = run(Scope.BLOCK, Refresh.BLOCK, false);

        assertEquals(
                List.of("[0..7) for [3, 4]", "[3..5) for [4]", "[0..7) for [5, 6]", "[5..7) for [6]"), run.calls());
        assertEquals("3-4:[0, 7]", run.visible().get(1));
    }

    @Test
    void aBlockOfOneCallIsNeverCached() {
        var settings = SETTINGS.withUnmasking(new Threshold(0.1f, 1, true));
        var run = Scripted.run(PROMPT, settings.withCache(new WindowCache(Scope.BLOCK, Refresh.BLOCK)), UNSURE);

        assertEquals(Scripted.run(PROMPT, settings, UNSURE).calls(), run.calls());
    }

    @Test
    void theFullCallOfAShiftedModelCommitsTheFirstPositionWhateverItsConfidence() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withShifted(true).withCache(new WindowCache(Scope.BLOCK, Refresh.BLOCK)),
                (call, tokens, position) -> new Answer(position, position == 2 || position == 4 ? 0.1 : 0.95));

        // Rows 2 and 4 predict positions 3 and 5, which begin the blocks; rows 3 and 5 predict their neighbours.
        assertEquals(
                List.of("[0..7) for [2]", "[3..5) for [3]", "[0..7) for [4]", "[5..7) for [5]"), run.calls());
        assertEquals(List.of("3=2", "4=3", "5=4", "6=5"), run.changes());
    }

    @Test
    void aFinishedBlockIsStoredOnceMoreWithItsTokens() {
        assertEquals(
                List.of("[0..7) for [3, 4]", "[3..7) for [4]", "[3..7) for [5, 6]", "[5..7) for [6]"),
                run(Scope.REST, Refresh.FINISHED, false).calls());
        assertEquals(
                List.of("[0..7) for [3, 4]", "[3..5) for [4]", "[3..7) for [5, 6]", "[5..7) for [6]"),
                run(Scope.BLOCK, Refresh.FINISHED, false).calls());
    }

    @Test
    void withoutRefreshAFinishedBlockStaysAsItsLastCallSawIt() {
        assertEquals(
                List.of("[0..7) for [3, 4]", "[3..7) for [4]", "[5..7) for [5, 6]", "[5..7) for [6]"),
                run(Scope.REST, Refresh.NEVER, false).calls());
    }

    @Test
    void withoutRefreshTheWindowOfAShiftedModelBeginsWithTheRowThatPredictsIt() {
        assertEquals(
                List.of("[0..7) for [2, 3]", "[2..7) for [3]", "[4..7) for [4, 5]", "[4..7) for [5]"),
                run(Scope.REST, Refresh.NEVER, true).calls());
    }

    /// The call that opens a block then decides by the rule.
    @Test
    void theWindowOfAShiftedModelMayLieOnePositionEarlier() {
        DecodeSettings shifted = SETTINGS.withShifted(true);

        assertEquals(
                List.of("[0..7) for [2, 3]", "[2..4) for [3]", "[0..7) for [4, 5]", "[4..6) for [5]"),
                Scripted.run(PROMPT, shifted.withCache(earlier(Scope.BLOCK)), UNSURE).calls());
        assertEquals(
                List.of("[0..7) for [2, 3]", "[2..6) for [3]", "[0..7) for [4, 5]", "[4..6) for [5]"),
                Scripted.run(PROMPT, shifted.withCache(earlier(Scope.REST)), UNSURE).calls());
    }

    @Test
    void aWindowDoesNotLeaveOutARowThatIsNeeded() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(PROMPT, SETTINGS.withCache(earlier(Scope.BLOCK)), UNSURE));
        assertThrows(IllegalArgumentException.class, () -> CachePolicies.parse("dual:block,0,0,-1"));
    }

    private static WindowCache earlier(Scope scope) {
        return new WindowCache(scope, Refresh.BLOCK, 1, -1, WindowCache.Cycle.NONE);
    }

    /// Blocks that no call has stored are computed when they come into view.
    @Test
    void blockCausalBlocksBehindTheWindowAreNotLeftOut() {
        var settings = Scripted.settings().withGenLength(4).withBlockLength(4).withUnmasking(new Threshold(0.9f, 2, true));
        var run = Scripted.run(
                PROMPT, settings.withCache(new WindowCache(Scope.BLOCK, Refresh.NEVER)), UNSURE);

        assertEquals(List.of("[0..4) for [3]", "[4..8) for [4, 5, 6, 7]", "[4..8) for [6, 7]"), run.calls());
    }
}
