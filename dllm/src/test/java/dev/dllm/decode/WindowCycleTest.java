package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.cache.CachePolicies;
import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.cache.WindowCache;
import dev.dllm.cache.WindowCache.Cycle;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Windows that are wider than the block, and full calls by the clock: what is computed, call by call. Two blocks, a position
/// per call.
class WindowCycleTest {
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final DecodeSettings SETTINGS = Scripted.settings().withAttention(new AttentionPattern.Bidirectional());

    private static List<String> ranges(CachePolicy cache, Unmasking unmasking) {
        return Scripted.run(
                        PROMPT, SETTINGS.withCache(cache).withUnmasking(unmasking), (call, tokens, position) -> new Answer(3, 0.5))
                .calls().stream()
                .map(call -> call.substring(0, call.indexOf(" for")))
                .toList();
    }

    private static List<String> ranges(int before, int after, Cycle cycle) {
        return ranges(
                new WindowCache(WindowCache.Scope.BLOCK, WindowCache.Refresh.BLOCK, before, after, cycle),
                new Threshold(1.5f, 1, false));
    }

    private static Cycle cycle(int warmUp, int every, boolean paired, boolean quirks) {
        return new Cycle(warmUp, every, paired, quirks);
    }

    @Test
    void theWindowReachesAroundTheBlockButNotBeyondTheCanvas() {
        assertEquals(
                List.of("[0..12)", "[3..10)", "[3..10)", "[3..10)", "[0..12)", "[7..12)", "[7..12)", "[7..12)"),
                ranges(1, 2, Cycle.NONE));
    }

    @Test
    void aWindowOfEverythingIsNoCache() {
        assertEquals(ranges(new NoCache(), new Threshold(1.5f, 1, false)), ranges(12, 12, Cycle.NONE));
    }

    @Test
    void warmUpStoresNothing() {
        assertEquals(
                List.of("[0..12)", "[0..12)", "[0..12)", "[4..8)", "[0..12)", "[8..12)", "[8..12)", "[8..12)"),
                ranges(0, 0, cycle(2, 0, false, false)));
    }

    @Test
    void everySoManyIterationsEverythingIsStoredAnew() {
        assertEquals(
                List.of("[0..12)", "[4..8)", "[4..8)", "[0..12)", "[0..12)", "[8..12)", "[0..12)", "[8..12)"),
                ranges(0, 0, cycle(0, 3, false, false)));
    }

    @Test
    void aPairIsOneIteration() {
        // Iterations 0 to 2 take four calls; the third refreshes because it is due and the block new.
        assertEquals(
                List.of("[0..12)", "[4..8)", "[4..8)", "[4..8)", "[0..12)", "[8..12)", "[8..12)", "[8..12)"),
                ranges(0, 0, cycle(0, 3, true, false)));
    }

    @Test
    void aPairIsFinishedEvenIfItsFirstCallFilledTheBlock() {
        Threshold all = new Threshold(-1, 1, false);
        assertEquals(
                List.of("[0..12)", "[0..12)"),
                ranges(new WindowCache(WindowCache.Scope.BLOCK, WindowCache.Refresh.BLOCK), all));
        assertEquals(
                List.of("[0..12)", "[4..8)", "[0..12)", "[8..12)"),
                ranges(new WindowCache(WindowCache.Scope.BLOCK, WindowCache.Refresh.BLOCK, 0, 0, cycle(0, 0, true, false)), all));
    }

    @Test
    void dinferCountsCallsAndForgetsItsFirstBlock() {
        // Call 6 is due; in the first block nothing is.
        assertEquals(
                List.of("[0..12)", "[4..8)", "[4..8)", "[4..8)", "[0..12)", "[8..12)", "[0..12)", "[8..12)"),
                ranges(0, 0, cycle(0, 3, true, true)));
        // Nothing was stored before the second block, which therefore looks new twice.
        assertEquals(
                List.of("[0..12)", "[0..12)", "[0..12)", "[0..12)", "[0..12)", "[8..12)", "[0..12)", "[8..12)"),
                ranges(0, 0, cycle(4, 0, true, true)));
    }

    @Test
    void namesReadWhatTheyWrite() {
        for (String name : List.of("prefix", "dual", "prefix:never", "dual:block,3", "dual:block,0,16,16,4", "prefix:block,2,1,0,0")) {
            assertEquals(name, CachePolicies.parse(name).toString());
        }
        assertEquals("dual:block,5,2,3,1", CachePolicies.parse("vicinity:2,3,1,5").toString());
    }

    @Test
    void refusesNegativeNumbers() {
        assertThrows(IllegalArgumentException.class, () -> cycle(-1, 0, false, false));
        assertThrows(IllegalArgumentException.class, () -> cycle(0, -1, false, false));
        assertThrows(IllegalArgumentException.class, () -> ranges(-1, 0, Cycle.NONE));
        assertThrows(IllegalArgumentException.class, () -> ranges(0, -1, Cycle.NONE));
    }
}
