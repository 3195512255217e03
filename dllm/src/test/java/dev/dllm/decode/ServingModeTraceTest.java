package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.family.ServingModes;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the modes of serving engines commit, call by call.
class ServingModeTraceTest {
    /// Without the mask, which cannot be proposed, the entropies of these are about 0.085, 0.40, 1.82 and 2.13 nats.
    private static final double[] CONFIDENCES = {0.99, 0.94, 0.6, 0.5};

    private static DecodeSettings mode(String name, DecodeSettings settings) {
        return ServingModes.of(settings).stream().filter(mode -> mode.name().equals(name)).findFirst().orElseThrow().settings();
    }

    @ParameterizedTest
    @CsvSource({
        // Above 0.95, else the surest.
        "sglang-low-confidence, 4=5 | 5=5 | 6=5 | 7=5",
        // Above 0.9, else as many as the steps demand, one.
        "vllm-llada2, 4=5 5=5 | 6=5 | 7=5",
        // Above 0.9 within parts of 8, which a block of 4 is less than.
        "sglang-hierarchy-block, 4=5 5=5 | 6=5 | 7=5",
        // Entropies but for the largest add up to 0.15 at most: 0.085, then 0.49.
        "sglang-eb-sampling, 4=5 5=5 | 6=5 | 7=5",
        // Entropies below 0.95.
        "sglang-entropy-threshold, 4=5 5=5 | 6=5 | 7=5",
        // Above 0.5, or a bit more than half without the mask; the last is above it for the same reason.
        "sglang-joint-threshold, 4=5 5=5 6=5 7=5"
    })
    void commitsWhatTheModeSays(String name, String calls) {
        var run = Scripted.run(
                new int[] {1, 2, 3, 4}, mode(name, Scripted.settings().withGenLength(4)),
                (call, tokens, position) -> new Answer(5, CONFIDENCES[position - 4]));

        // A mode that edits makes another call, which finds nothing to change.
        assertEquals(List.of(calls.split(" \\| ")), run.changes().stream().filter(change -> !change.isEmpty()).toList());
    }

    @Test
    void jointThresholdRevisesWhatTheModelNoLongerProposes() {
        var run = Scripted.run(
                new int[] {1, 2, 3, 4}, mode("sglang-joint-threshold", Scripted.settings().withGenLength(4)),
                (call, tokens, position) -> position == 4 && call > 0 ? new Answer(6, 0.1) : new Answer(5, position == 7 ? 0.4 : 0.6));

        assertEquals(List.of("4=5 5=5 6=5", "4=6 7=5", ""), run.changes());
    }

    @Test
    void hierarchyBlockGoesOverABlockInPartsOfEight() {
        int[] prompt = IntStream.range(0, 16).map(_ -> 1).toArray();
        var settings = DecodeSettings.of(new AttentionPattern.BlockCausal(16), 16, 16);
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5, 0.96);

        assertEquals(2, Scripted.run(prompt, mode("sglang-hierarchy-block", settings), script).decoding().calls());
        assertEquals(1, Scripted.run(prompt, mode("sglang-low-confidence", settings), script).decoding().calls());
    }
}
