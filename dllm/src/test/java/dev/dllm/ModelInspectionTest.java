package dev.dllm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cache.CachePolicies;
import dev.dllm.cache.NoCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Smoothing;
import dev.dllm.decode.UnmaskingRules;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.AttentionShape;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Rope;
import dev.dllm.model.TransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelInspectionTest {
    private static final Path CHECKPOINTS = Path.of("goldens/checkpoints");
    private static final LoadOptions OPTIONS = LoadOptions.defaults();

    @Test
    void parametersOfTheEmbeddedModel() {
        ModelInspection inspection = ModelInspection.embedded(OPTIONS);
        assertTrue(inspection.problem().isEmpty());
        assertEquals(4_700_048, inspection.parameters());
        // 5 layers, 12 of 16 experts idle, 3 matrices of 64 × 192.
        assertEquals(4_700_048 - 5 * 12 * 3 * 64 * 192, inspection.activeParameters());
        assertEquals(2 * 4_699_968 + 4 * 80, inspection.bytes());
        assertEquals(new ModelInspection.DTypeTotal(5, 80, 320), inspection.byDType().get("F32"));
        ModelInspection.Network network = inspection.network().orElseThrow();
        assertEquals(List.of(), network.unused());
        // Everything but the embedding, norms and router biases.
        assertEquals(2 * (4_699_968 - 1536 * 192 - 13 * 192 - 12 * 32), network.packedBytes());
    }

    @Test
    void shardsAndTypesCountAlike() {
        ModelInspection single = inspect("llada2-moe");
        ModelInspection sharded = inspect("llada2-moe-sharded");
        ModelInspection bf16 = inspect("llada2-moe-bf16");
        assertEquals(single.tensors(), sharded.tensors());
        assertEquals(single.parameters(), bf16.parameters());
        assertEquals(single.activeParameters(), bf16.activeParameters());
        assertTrue(bf16.bytes() < single.bytes());
    }

    @Test
    void theEstimateIsWhatASessionTakes() {
        ModelInspection.Network network = ModelInspection.embedded(OPTIONS).network().orElseThrow();
        try (LanguageModel model = LanguageModel.embedded(OPTIONS)) {
            DecodeSettings oneCall = model.settings().withGenLength(20).withSteps(1);
            DecodeSettings bidirectional = model.settings().withGenLength(20)
                    .withAttention(new AttentionPattern.Bidirectional()).withCache(new NoCache());
            for (DecodeSettings settings : List.of(
                    oneCall, oneCall.withCache(new NoCache()), oneCall.withSmoothing(new Smoothing(0.1f, 0, 1)),
                    bidirectional.withCache(CachePolicies.parse("dllm-cache")),
                    bidirectional.withUnmasking(UnmaskingRules.parse("wino")),
                    bidirectional.withUnmasking(UnmaskingRules.parse("freedave:3")),
                    bidirectional.withUnmasking(UnmaskingRules.parse("klass")).withGenLength(96).withBlockLength(32),
                    bidirectional.withGuidance(1))) {
                for (int batch : new int[] {1, 3}) {
                    int[] prompt = new int[100];
                    Arrays.fill(prompt, 7);
                    MemoryEstimate estimate = network.memory(batch, prompt.length, settings);
                    try (Session session = model.newSession()) {
                        GenerationRequest request = new GenerationRequest(Prompt.ids(prompt), settings);
                        session.generate(IntStream.range(0, batch).mapToObj(_ -> request).toList(), GenerationListener.NONE);
                        long beyondCaches = session.byteSize() - estimate.cacheBytes();
                        assertTrue(beyondCaches >= estimate.activationBytes(), beyondCaches + " " + estimate);
                        assertTrue(beyondCaches <= 3 * estimate.activationBytes() + (1 << 20), beyondCaches + " " + estimate);
                    }
                }
            }
        }
    }

    @Test
    void estimatesBeyondAnyNumber() {
        DecodeSettings settings = DecodeSettings.of(new AttentionPattern.Bidirectional(), 1 << 24, DecodeSettings.WHOLE);
        TransformerConfig wide = new TransformerConfig(
                1 << 30, new AttentionShape(1 << 15, 1 << 15, 1 << 15, false, false), 20, false, 1e-6f, new Rope(10000, 2),
                List.of(new FeedForwardShape.Dense(4)), Integer.MAX_VALUE);
        ModelSpec spec = new ModelSpec("wide", wide, settings.attention(), false, 19, new int[] {18});
        String message = assertThrows(
                InvalidRequestException.class, () -> MemoryEstimate.of(spec, Integer.MAX_VALUE, 1, settings, false)).getMessage();
        assertTrue(message.contains("needs smaller ones"), message);
    }

    @Test
    void tensorsThatAreNoPartOfTheNetworkAreNamed(@TempDir Path model) throws IOException {
        ModelInspection inspection = changed(model, "dream", "\"tie_word_embeddings\": false", "\"tie_word_embeddings\": true");
        assertEquals(List.of("lm_head.weight"), inspection.network().orElseThrow().unused());
        assertTrue(inspection.parameters() < inspect("dream").parameters());
    }

    @Test
    void layersThatTheConfigurationLeavesOutAreAContradiction(@TempDir Path model) throws IOException {
        ModelInspection inspection = changed(model, "llada2-moe", "\"num_hidden_layers\": 4", "\"num_hidden_layers\": 3");
        String problem = inspection.problem().orElseThrow();
        assertTrue(problem.contains("model.layers.3.") && problem.contains("3 layers only"), problem);
    }

    private static ModelInspection changed(Path model, String checkpoint, String given, String asked) throws IOException {
        Path golden = CHECKPOINTS.resolve(checkpoint);
        Files.copy(golden.resolve("model.safetensors"), model.resolve("model.safetensors"));
        String config = Files.readString(golden.resolve("config.json"));
        assertTrue(config.contains(given), config);
        Files.writeString(model.resolve("config.json"), config.replace(given, asked));
        return ModelInspection.of(model, OPTIONS.withMaskId(OptionalInt.of(300)));
    }

    @Test
    void presetsAreChosenByRequestByNameOrByFamily(@TempDir Path parent) throws IOException {
        assertEquals("the default of the family", reason(ModelInspection.embedded(OPTIONS)));
        assertEquals("asked for", reason(ModelInspection.embedded(OPTIONS.withPreset("llada2.1"))));
        Path named = Files.createDirectory(parent.resolve("LLaDA2.1-mini"));
        for (String file : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(CHECKPOINTS.resolve("llada2-moe").resolve(file), named.resolve(file));
        }
        ModelInspection.Network network =
                ModelInspection.of(named, OPTIONS.withMaskId(OptionalInt.of(390))).network().orElseThrow();
        assertEquals("llada2.1", network.preset());
        assertEquals("the directory's path contains it", network.presetReason());
    }

    private static ModelInspection inspect(String checkpoint) {
        return ModelInspection.of(CHECKPOINTS.resolve(checkpoint), OPTIONS.withMaskId(OptionalInt.of(390)));
    }

    private static String reason(ModelInspection inspection) {
        return inspection.network().orElseThrow().presetReason();
    }
}
