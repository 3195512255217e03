package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The surest of every gap.
class HierarchicalTest {
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final DecodeSettings SETTINGS = Scripted.settings().withBlockLength(8)
            .withAnchor(Anchor.PROMPT).withUnmasking(new Hierarchical(0.9f, 0.4f));

    @Test
    void everyRunOfMasksGivesItsSurest() {
        double[] probability = {0.5, 0.6, 0.45, 0.95, 0.45, 0.41, 0.42, 0.3};
        var run = Scripted.run(PROMPT, SETTINGS, (call, tokens, position) -> new Answer(5, probability[position - 4]));

        assertEquals(
                List.of(
                        "7=5", // One run; only its surest, which is above the high threshold too.
                        "5=5 8=5", // 4-6 and 8-11.
                        "4=5 6=5 10=5", // 4, 6, and 9-11.
                        "9=5", // 9 leads its run; 11 leads another, but is below the low threshold.
                        "11=5"), // The surest of all that are left, whatever its confidence.
                run.changes());
    }

    @Test
    void withEqualThresholdsItIsThePlainOne() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5, position % 2 == 0 ? 0.95 : 0.5);

        assertEquals(
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new Threshold(0.9f, 1, false)), script).changes(),
                Scripted.run(PROMPT, SETTINGS.withUnmasking(new Hierarchical(0.9f, 0.9f)), script).changes());
    }

    @Test
    void refusesALowThresholdAboveTheHighOne() {
        assertThrows(IllegalArgumentException.class, () -> new Hierarchical(0.4f, 0.9f));
    }
}
