package dev.dllm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Schedule;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.decode.Trace;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The embedded model against the logits and decodes that came with it (format: its model card).
class EmbeddedModelGoldensTest {
    private static final float TOLERANCE = 1e-3f;
    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = LanguageModel.embedded();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    static Stream<JsonNode> prompts() throws IOException {
        try (InputStream in = EmbeddedModelGoldensTest.class.getResourceAsStream("embedded/goldens.json")) {
            return new JsonMapper().readTree(in).get("prompts").valueStream();
        }
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void thePromptBecomesTheSameIds(JsonNode golden) {
        assertArrayEquals(ids(golden.get("prompt_ids")), model.tokenize(Prompt.chat(golden.get("prompt").asString())));
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void logitsAreEqual(JsonNode golden) {
        for (String canvas : List.of("masked_full", "masked_block32", "half_full", "half_block32")) {
            compareLogits(golden.get(canvas), canvas);
        }
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void lowConfidenceDecodesAreEqual(JsonNode golden) {
        for (String name : List.of("llada_lowconf", "llada_lowconf_quarter")) {
            JsonNode run = golden.get(name);
            int genLength = run.get("gen_length").asInt();
            DecodeSettings settings = settings(
                    genLength, genLength, run.get("steps").asInt(), new AttentionPattern.Bidirectional(), new Schedule(),
                    StopRule.never());
            GenerationResult result = generate(golden, settings);
            assertArrayEquals(ids(run.get("output_ids")), canvasBehindPrompt(result, genLength), name);
        }
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void blockDecodesAreEqual(JsonNode golden) {
        for (String name : List.of("block32_threshold0.9", "block32_one_per_step")) {
            JsonNode run = golden.get(name);
            int blockLength = run.path("block_length").asInt(32);
            float threshold = run.get("threshold").isNull() ? 2 : (float) run.get("threshold").asDouble();
            DecodeSettings settings = settings(
                    golden.get("gen_length").asInt(), blockLength, run.get("steps_per_block").asInt(),
                    new AttentionPattern.BlockCausal(blockLength), new Threshold(threshold),
                    StopRule.afterBlock(1401, 1407));
            GenerationResult result = generate(golden, settings);
            int[] expected = ids(run.get("output_ids"));
            assertArrayEquals(expected, canvasBehindPrompt(result, expected.length), name);
            assertEquals(run.get("forwards").asInt(), result.calls(), name);
            assertEquals(run.get("text").asString(), result.text(), name);
        }
    }

    private static DecodeSettings settings(
            int genLength, int blockLength, int steps, AttentionPattern attention, Unmasking unmasking, StopRule stop) {
        return DecodeSettings.of(attention, genLength, blockLength)
                .withSteps(steps)
                .withUnmasking(unmasking)
                .withSampling(model.settings().sampling())
                .withStop(stop);
    }

    private static GenerationResult generate(JsonNode golden, DecodeSettings settings) {
        try (Session session = model.newSession()) {
            return session.generate(Prompt.ids(ids(golden.get("prompt_ids"))), settings);
        }
    }

    /// The positions behind the prompt at the end of the run, those never reached included.
    private static int[] canvasBehindPrompt(GenerationResult result, int length) {
        int[] canvas = new int[length];
        Arrays.fill(canvas, model.spec().maskId());
        for (List<Trace.Change> call : result.trace().calls()) {
            call.forEach(change -> canvas[change.position() - result.promptIds().length] = change.token());
        }
        return canvas;
    }

    private static void compareLogits(JsonNode golden, String name) {
        AttentionPattern pattern = golden.get("attention").asString().equals("full")
                ? new AttentionPattern.Bidirectional()
                : new AttentionPattern.BlockCausal(32);
        int[] canvas = ids(golden.get("input_ids"));
        float[][] logits = Logits.of(model, pattern, List.of(canvas), 0);
        int first = golden.get("first_position").asInt();

        JsonNode topIds = golden.get("top5_ids");
        for (int i = 0; i < topIds.size(); i++) {
            float[] row = logits[first + i];
            for (int rank = 0; rank < topIds.get(i).size(); rank++) {
                close(
                        golden.get("top5_logits").get(i).get(rank), row[topIds.get(i).get(rank).asInt()],
                        name + ", rank " + rank + " of position " + (first + i));
            }
        }
        for (int position = 0; position < canvas.length; position++) {
            close(golden.get("logsumexp").get(position), logSumExp(logits[position]), name + ", logsumexp of " + position);
        }
        golden.get("rows").properties().forEach(row -> {
            float[] found = logits[Integer.parseInt(row.getKey())];
            assertEquals(row.getValue().size(), found.length);
            for (int token = 0; token < found.length; token++) {
                close(row.getValue().get(token), found[token], name + ", row " + row.getKey() + ", token " + token);
            }
        });
    }

    private static void close(JsonNode expected, double found, String what) {
        double difference = Math.abs(expected.asDouble() - found);
        assertTrue(difference <= TOLERANCE, () -> what + ": expected " + expected + ", found " + found);
    }

    private static double logSumExp(float[] row) {
        double largest = IntStream.range(0, row.length).mapToDouble(i -> row[i]).max().orElseThrow();
        return largest
                + Math.log(IntStream.range(0, row.length).mapToDouble(i -> Math.exp(row[i] - largest)).sum());
    }

    private static int[] ids(JsonNode node) {
        return node.valueStream().mapToInt(JsonNode::asInt).toArray();
    }
}
