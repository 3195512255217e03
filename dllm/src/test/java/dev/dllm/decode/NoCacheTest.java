package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is computed and seen without a cache.
class NoCacheTest {
    private static final int[] PROMPT = {1, 2, 3, 4, 5, 6};
    private static final DecodeSettings SETTINGS = Scripted.settings().withGenLength(7).withUnmasking(new Threshold(-1));

    @Test
    void blockCausalCallsEndWithTheBlock() {
        var run = Scripted.run(PROMPT, SETTINGS, (call, tokens, position) -> new Answer(3, 0.5));

        assertEquals(
                List.of("[0..8) for [6, 7]", "[0..12) for [8, 9, 10, 11]", "[0..16) for [12, 13, 14, 15]"), run.calls());
        assertEquals("0-3:[0, 4] 4-7:[0, 8]", run.visible().getFirst());
    }

    @Test
    void bidirectionalCallsCoverTheWholeCanvasWithItsLaterMasks() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withAttention(new AttentionPattern.Bidirectional()),
                (call, tokens, position) -> new Answer(3, 0.5));

        assertEquals(List.of("[0..13) for [6, 7, 8, 9]", "[0..13) for [10, 11, 12]"), run.calls());
        assertEquals(List.of("0-12:[0, 13]", "0-12:[0, 13]"), run.visible());
        assertArrayEquals(new int[] {3, 3, 3, 3, 3, 3, 3}, run.output());
    }

    /// One layer, keys and values of 4 floats each: 32 bytes for each of 13 positions, as much again for guidance, and a shadow
    /// of the larger block, of 4.
    @Test
    void keysAndValuesAreCounted() {
        var settings = SETTINGS.withAttention(new AttentionPattern.Bidirectional());
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(3, 0.5);

        assertEquals(13 * 32, Scripted.run(PROMPT, settings, script).decoding().keyValueBytes());
        assertEquals(2 * 13 * 32, Scripted.run(PROMPT, settings.withGuidance(1), script).decoding().keyValueBytes());
        assertEquals(
                (13 + 4) * 32, Scripted.run(PROMPT, settings.withUnmasking(new Wino(0.6f, 0.9f)), script).decoding().keyValueBytes());
    }
}
