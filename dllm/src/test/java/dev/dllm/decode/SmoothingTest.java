package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.KvCache;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.Workspace;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which inputs are softened, and by how much, call by call.
class SmoothingTest {
    private static final DecodeSettings SETTINGS = DecodeSettings.of(new AttentionPattern.Bidirectional(), 4, 2)
            .withSmoothing(new Smoothing(0.25f, 0.25f, 0.625f));

    /// A prompt of 2 and two blocks of 2: masks of later blocks are softened too, tokens are not, and the weight grows until
    /// it may not.
    @Test
    void everyMaskOfTheCanvasIsSoftened() {
        assertEquals(
                List.of(
                        "[] store 0.25 at [2, 3, 4, 5]",
                        "[3, 4, 5] store 0.5 at [3, 4, 5]",
                        "[4, 5] store 0.625 at [4, 5]",
                        "[5] store 0.625 at [5]"),
                inputs(SETTINGS));
    }

    @Test
    void withoutSmoothingInputsAreTokens() {
        assertEquals(
                "[] store 0.0 at []",
                inputs(DecodeSettings.of(new AttentionPattern.Bidirectional(), 4, 2)).get(1));
    }

    /// At the k-th call the threshold is 1 − 0.1 k until it is 0.7; a confidence of 0.75 is enough from the fourth on.
    @Test
    void aThresholdThatFalls() {
        var run = Scripted.run(
                new int[] {1}, DecodeSettings.of(new AttentionPattern.Bidirectional(), 6, 6)
                        .withUnmasking(new RelaxedThreshold(0.7f).withFall(0.1f)),
                (call, tokens, position) -> new Answer(3, position == 1 ? 0.99 : 0.9 - 0.05 * position));

        // 0.99 gives way to itself; then 0.8, 0.75, and below them what is left but for the slack.
        assertEquals("1=3", run.changes().get(0));
        assertEquals("2=3", run.changes().get(1));
        assertEquals("3=3", run.changes().get(2));
        assertEquals("4=3", run.changes().get(3));
        var enough = Scripted.run(
                new int[] {1}, DecodeSettings.of(new AttentionPattern.Bidirectional(), 6, 6)
                        .withUnmasking(new RelaxedThreshold(0.7f).withFall(0.1f)),
                (call, tokens, position) -> new Answer(3, 0.75 + 0.001 * position));
        assertEquals(List.of("6=3", "5=3", "4=3", "1=3 2=3 3=3"), enough.changes());
    }

    @Test
    void refusals() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> SETTINGS.withGuidance(1)).getMessage().contains("smoothing"));
        assertThrows(IllegalArgumentException.class, () -> new Smoothing(-1, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Smoothing(0, 0, Float.POSITIVE_INFINITY));
    }

    /// What every call of a run is asked for: rows that are softened, and where what is stored.
    private static List<String> inputs(DecodeSettings settings) {
        ScriptedNetwork network = new ScriptedNetwork(Scripted.VOCABULARY, (_, _, position) -> new Answer(3, 0.9 - 0.1 * position));
        List<String> inputs = new ArrayList<>();
        try (ReferenceBackend backend = new ReferenceBackend();
                Workspace workspace = new Workspace(backend);
                KvCache cache = new KvCache(backend, Scripted.SPEC.transformer())) {
            Decoding decoding = new Decoding(new int[] {1, 2}, settings, Scripted.SPEC, List.of(cache));
            new Denoiser(
                            (batch, memory) -> {
                                SequenceForward asked = batch.getFirst();
                                inputs.add(Arrays.toString(asked.soft().rows()) + " store " + asked.soft().weight() + " at "
                                        + Arrays.toString(asked.soft().slots()));
                                return network.forward(batch, memory);
                            },
                            backend)
                    .run(List.of(decoding), workspace, new Trace(), () -> false);
        }
        return inputs;
    }
}
