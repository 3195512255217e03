package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// dInfer's threshold, which gives way to the surest.
class RelaxedThresholdTest {
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final DecodeSettings SETTINGS = Scripted.settings().withGenLength(4);

    @Test
    void whatReachesTheThresholdIsCommittedTogether() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new RelaxedThreshold(0.6f)),
                (call, tokens, position) -> new Answer(5, position < 6 ? 0.8 : 0.3));

        // Nothing reaches the threshold in the second call: the surest go, and both are.
        assertEquals(List.of("4=5 5=5", "6=5 7=5"), run.changes());
    }

    @Test
    void theSlackDecidesWhoGoesWithTheSurest() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5, 0.3 + 0.01 * position);

        assertEquals(
                List.of("7=5", "6=5", "5=5", "4=5"),
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new RelaxedThreshold(0.6f)), script).changes());
        assertEquals(
                List.of("6=5 7=5", "4=5 5=5"),
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new RelaxedThreshold(0.6f, 0.015f, 0)), script).changes());
    }

    @Test
    void aProposedMaskIsNoProposal() {
        // Position 4 insists on the mask in the first two calls and is the surest.
        var run = Scripted.run(
                PROMPT, SETTINGS.withUnmasking(new RelaxedThreshold(0.95f)).withSuppressMask(false),
                (call, tokens, position) -> position == 4 && call < 2
                        ? new Answer(Scripted.MASK, 0.9)
                        : new Answer(5, 0.8 - 0.1 * position));

        assertEquals(List.of("5=5", "6=5", "4=5", "7=5"), run.changes());
    }

    @Test
    void refusesWhatIsNoNumber() {
        assertThrows(IllegalArgumentException.class, () -> new RelaxedThreshold(Float.NaN));
        assertThrows(IllegalArgumentException.class, () -> new RelaxedThreshold(0.5f, -1, 0));
        assertThrows(IllegalArgumentException.class, () -> new RelaxedThreshold(0.5f, 0, -1));
    }
}
