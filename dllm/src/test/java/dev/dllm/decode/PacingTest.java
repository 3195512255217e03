package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.ScriptedNetwork.Answer;
import org.junit.jupiter.api.Test;

/// How many calls a block of four gets.
class PacingTest {

    private static int calls(Pacing pacing, float threshold) {
        return Scripted.run(
                        new int[] {1, 2, 3, 4},
                        Scripted.settings().withGenLength(4).withUnmasking(new Threshold(threshold, 1, false)).withPacing(pacing),
                        (call, tokens, position) -> new Answer(5, 0.5))
                .decoding().calls();
    }

    @Test
    void unrolledIterationsRunWithoutALook() {
        // Everything is committed by the first call, the others are not looked at.
        assertEquals(1, calls(new Pacing.Unrolled(4, 8, 1), -1));
        assertEquals(2, calls(new Pacing.Unrolled(4, 8, 2), -1));
        assertEquals(2, calls(new Pacing.Unrolled(4, 2, 1), -1));
        assertEquals(3, calls(new Pacing.Unrolled(3, 1, 1), -1));
    }

    @Test
    void everyLookCountsTheMasksAnew() {
        // A position per call: 4 masks allow three iterations, the last mask is then worth the least number.
        assertEquals(4, calls(new Pacing.Unrolled(3, 1, 1), 1.5f));
        assertEquals(5, calls(new Pacing.Unrolled(3, 1, 2), 1.5f));
    }
}
