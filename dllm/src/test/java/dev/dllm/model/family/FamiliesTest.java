package dev.dllm.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.UnsupportedModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a model's files say about its family, and what they leave to the user.
class FamiliesTest {
    private static final Path CHECKPOINTS = Path.of("goldens", "checkpoints");

    @ParameterizedTest
    @CsvSource({
        "llada-mha, llada", "llada-gqa, llada", "llada-moe, llada-moe", "dream, dream", "dreamon, dream",
        "llada2-moe, llada2-moe", "llada22-moe, llada2-moe", "sdar, sdar", "sdar-moe, sdar-moe",
        "fastdllm-v2, fastdllm-v2", "rnd1, rnd1", "a2d-qwen3, a2d-qwen3", "illada, illada"
    })
    void filesSayTheFamily(String checkpoint, String family) throws IOException {
        assertEquals(family, Families.of(configs(text(checkpoint), null, OptionalInt.empty())).name());
    }

    @Test
    void aPlainQwen2IsADiffusionModelOnlyIfTheUserSaysSo() throws IOException {
        String config = text("open-dcoder");
        ModelConfigs untold = configs(config, null, OptionalInt.empty());
        ModelSpec causal = Families.of(untold).spec(untold);
        assertEquals("qwen2", causal.family());
        assertFalse(causal.denoises());
        assertEquals(new AttentionPattern.BlockCausal(1), causal.pattern());
        ModelConfigs told = configs(config, "open-dcoder", OptionalInt.of(285));
        ModelSpec spec = Families.of(told).spec(told);
        assertEquals(285, spec.maskId());
        assertTrue(spec.shifted());
    }

    @Test
    void twoFamiliesShareAModelType() throws IOException {
        String renamed = text("llada-gqa").replace("LLaDAModelLM", "SomethingElse");
        String message = assertThrows(
                        UnsupportedModelException.class,
                        () -> Families.of(configs(renamed, null, OptionalInt.empty())))
                .getMessage();
        assertTrue(message.contains("model_type llada, architecture SomethingElse"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fastdllm-v2", "a2d-qwen3"})
    void aMaskIdThatNoFileNamesIsAskedFor(String checkpoint) throws IOException {
        ModelConfigs silent = configs(text(checkpoint), null, OptionalInt.empty());
        String message = assertThrows(UnsupportedModelException.class, () -> Families.of(silent).spec(silent)).getMessage();
        assertTrue(message.contains("--mask-id"), message);
    }

    /// Released vocabularies whose files leave the mask id out.
    @ParameterizedTest
    @CsvSource({"llada-moe, 157184, 156895", "fastdllm-v2, 151936, 151665", "fastdllm-v2, 152064, 151665", "illada, 155136, 5"})
    void releasesAreKnownByTheirVocabulary(String checkpoint, int vocabulary, int maskId) throws IOException {
        ModelConfigs released = configs(
                text(checkpoint).replaceAll("\"vocab_size\": \\d+", "\"vocab_size\": " + vocabulary), null,
                OptionalInt.empty());
        assertEquals(maskId, Families.of(released).spec(released).maskId());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "dream | \"use_sliding_window\": false | \"use_sliding_window\": true | use_sliding_window",
        "dream | \"hidden_act\": \"silu\" | \"hidden_act\": \"gelu\" | hidden_act",
        "dream | \"num_key_value_heads\": 2 | \"num_key_value_heads\": 3 | 4 heads cannot share 3",
        "sdar | \"attention_bias\": false | \"attention_bias\": true | attention_bias",
        "sdar | \"block_size\": 4 | \"block_size\": 0 | block_size",
        "llada-moe | \"moe_layer_freq\": | \"moe_layer_freq\": [1, 0, 1], \"was\": | moe_layer_freq",
        "llada-gqa | \"rope\": true | \"rope\": false | rope",
        "illada | \"layer_norm_eps\": null | \"layer_norm_eps\": 1e-5 | layer_norm_eps",
        "rnd1 | \"norm_topk_prob\": true | \"norm_topk_prob\": null | norm_topk_prob"
    })
    void whatIsNotComputedIsRefused(String checkpoint, String given, String asked, String part) throws IOException {
        String config = text(checkpoint);
        assertTrue(config.contains(given), given);
        ModelConfigs changed = configs(config.replace(given, asked), null, OptionalInt.empty());
        String message =
                assertThrows(UnsupportedModelException.class, () -> Families.of(changed).spec(changed)).getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void fieldsThatNobodyKnowsAreReported() throws IOException {
        String config = text("dream").replace("\"use_mrope\": false", "\"use_mrope\": false, \"flux\": 3, \"off\": false");
        ModelConfigs odd = configs(config, null, OptionalInt.empty());
        Families.of(odd).spec(odd);
        assertEquals(List.of("flux"), UnknownFields.of(odd.config()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llada-mha", "llada-moe", "dream", "dreamon", "llada2-moe", "llada22-moe", "sdar", "sdar-moe",
        "fastdllm-v2", "rnd1", "a2d-qwen3", "illada"})
    void publishedConfigurationsHoldNothingUnknown(String checkpoint) throws IOException {
        ModelConfigs configs = configs(text(checkpoint), null, OptionalInt.of(5));
        Families.of(configs).spec(configs);
        assertEquals(List.of(), UnknownFields.of(configs.config()));
    }

    private static String text(String checkpoint) throws IOException {
        return Files.readString(CHECKPOINTS.resolve(checkpoint).resolve("config.json"));
    }

    private static ModelConfigs configs(String json, String family, OptionalInt maskId) {
        return new ModelConfigs(
                ConfigFile.parse("config.json", json.getBytes(StandardCharsets.UTF_8)),
                ConfigFile.empty("generation_config.json"), Optional.empty(), new ModelConfigs.Hints(family, maskId));
    }
}
