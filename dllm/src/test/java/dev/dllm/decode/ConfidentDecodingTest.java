package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.ConfidentDecoding.Fallback;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Dimple's rule: what is sure enough, else what the clock releases.
class ConfidentDecodingTest {
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final DecodeSettings SETTINGS = Scripted.settings()
            .withAttention(new AttentionPattern.Bidirectional()).withBlockLength(DecodeSettings.WHOLE).withGenLength(8)
            .withSteps(4);

    private static final ScriptedNetwork.Script UNSURE = (call, tokens, position) -> new Answer(5, 0.5 + 0.01 * position);

    private static Scripted.Run run(Fallback fallback, int steps, ScriptedNetwork.Script script) {
        return Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new ConfidentDecoding(0.9f, fallback)).withSteps(steps), script);
    }

    @Test
    void theClockSaysHowManyAreCommittedAndTheLastStepTakesAll() {
        // The moments are 1, 0.75025, 0.5005, 0.25075: of 8, 7 and 5 masks they release 1.998, 2.996 and 2.994.
        assertEquals(List.of("11=5", "9=5 10=5", "7=5 8=5", "4=5 5=5 6=5"), run(Fallback.SUREST, 4, UNSURE).changes());
    }

    @Test
    void theClockMovesOnToWhereTheMasksStand() {
        // Of 2 masks from 8 the moments before the last release none: the eighth would release 0.993.
        var run = run(Fallback.SUREST, 8, (call, tokens, position) -> new Answer(5, position < 10 ? 0.95 : 0.5));

        assertEquals(List.of("4=5 5=5 6=5 7=5 8=5 9=5", "10=5 11=5"), run.changes());
    }

    @Test
    void theFallbackChoosesWhich() {
        assertEquals(List.of("4=5", "5=5", "6=5", "7=5 8=5 9=5 10=5 11=5"), run(Fallback.LEFTMOST, 4, UNSURE).changes());
        // As many as by rank, others of them.
        List<Integer> sizes = run(Fallback.RANDOM, 4, UNSURE).trace().calls().stream().map(List::size).toList();
        assertEquals(List.of(1, 2, 2, 3), sizes);
        assertEquals(run(Fallback.RANDOM, 4, UNSURE).changes(), run(Fallback.RANDOM, 4, UNSURE).changes());
        assertEquals(8, run(Fallback.RATIO, 4, UNSURE).trace().calls().stream().mapToInt(List::size).sum());
    }
}
