package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import org.junit.jupiter.api.Test;

/// Credit by hand: a token of probability ½ with credit c has the probability (1 + c) / (2 + c) when alpha is 1.
class CreditTest {
    private static final int[] PROMPT = {1, 2, 3, 4};

    private static int calls(LogitHook hook, float threshold, boolean suppressMask, Answer answer) {
        return Scripted.run(
                        PROMPT,
                        Scripted.settings().withGenLength(4).withUnmasking(new Threshold(threshold, 1, false))
                                .withHooks(hook).withSuppressMask(suppressMask),
                        (call, tokens, position) -> answer)
                .decoding().calls();
    }

    @Test
    void creditGrowsAndDecays() {
        Answer half = new Answer(5, 0.5);
        // c is 0.5 after one call; after two 1 without decay, 0.75 with a decay by half, 0.5 if nothing is left.
        assertEquals(2, calls(new Credit(1, 1, 1), 0.65f, false, half));
        assertEquals(3, calls(new Credit(1, 1, 0.5f), 0.65f, false, half));
        assertEquals(4, calls(new Credit(1, 1, 0), 0.65f, false, half));
        // c is 1 at once.
        assertEquals(1, calls(new Credit(1, 0, 0), 0.65f, false, half));
    }

    @Test
    void withoutWeightItChangesNothing() {
        assertEquals(4, calls(new Credit(0, 0, 1), 0.501f, false, new Answer(5, 0.5)));
    }

    @Test
    void aMaskThatCannotBeProposedGetsNone() {
        // All tokens but the mask are as probable as each other: 1/19 each, and the first of them gets the credit.
        Answer mask = new Answer(Scripted.MASK, 0.9);
        assertEquals(1, calls(new Credit(1, 1, 1), 0.054f, true, mask));
        assertEquals(4, calls(new Credit(0, 1, 1), 0.054f, true, mask));
    }

    @Test
    void refusesNumbersOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new Credit(-1, 0.2f, 0.8f));
        assertThrows(IllegalArgumentException.class, () -> new Credit(0.7f, -1, 0.8f));
        assertThrows(IllegalArgumentException.class, () -> new Credit(0.7f, 0.2f, 1.1f));
    }
}
