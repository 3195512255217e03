package dev.dllm.model.family;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.LoadOptions;
import dev.dllm.ModelInspection;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.MultiBlock;
import dev.dllm.decode.Threshold;
import dev.dllm.model.AttentionPattern;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServingModesTest {

    private static List<String> names(AttentionPattern attention) {
        return ServingModes.of(DecodeSettings.of(attention, 128, 32)).stream().map(Preset::name).toList();
    }

    @Test
    void theyFollowTheAttention() {
        assertEquals(
                List.of(
                        "sglang-low-confidence", "sglang-joint-threshold", "sglang-eb-sampling", "sglang-entropy-threshold",
                        "sglang-hierarchy-block", "vllm-llada2"),
                names(new AttentionPattern.BlockCausal(32)));
        assertEquals(
                List.of("sglang-entropy-threshold", "sglang-full-attn-multi-block"), names(new AttentionPattern.Bidirectional()));
        assertEquals(List.of("sglang-fastdiffuser", "sglang-linear-spec"), names(new AttentionPattern.CausalContext(32)));
        assertEquals(
                List.of("sglang-linear-spec"),
                ServingModes.of(DecodeSettings.of(new AttentionPattern.CausalContext(4), 128, DecodeSettings.WHOLE)).stream()
                        .map(Preset::name).toList());
    }

    @Test
    void blocksOfSeveralAreCutForAFamilyThatKnowsNone() {
        Optional<Preset> mode = ServingModes.of(DecodeSettings.of(new AttentionPattern.Bidirectional(), 128, DecodeSettings.WHOLE)).stream()
                .filter(preset -> preset.settings().unmasking() instanceof MultiBlock)
                .findFirst();
        assertEquals(32, mode.orElseThrow().settings().blockLength());
    }

    @Test
    void theUserNamesOneAndTheFamilyKeepsTheRest() {
        ModelInspection.Network own = ModelInspection.embedded(LoadOptions.defaults()).network().orElseThrow();
        ModelInspection.Network mode = ModelInspection.embedded(LoadOptions.defaults().withPreset("sglang-eb-sampling"))
                .network().orElseThrow();
        assertEquals("sglang-eb-sampling", mode.preset());
        assertEquals("entropy-bound:0.15", mode.settings().unmasking().toString());
        assertEquals(Confidence.ENTROPY, mode.settings().confidence());
        assertEquals(own.settings().cache(), mode.settings().cache());
        assertEquals(own.settings().genLength(), mode.settings().genLength());
    }

    /// The embedded model's generation_config.json names the threshold 0.9, a probability.
    @Test
    void aProbabilityOfTheFilesReplacesNoEntropy() {
        assertEquals(new Threshold(0.9f, 1, false), settings("sglang-low-confidence").unmasking());
        assertEquals(new Threshold(-0.95f, 1, false), settings("sglang-entropy-threshold").unmasking());
        assertTrue(settings("sglang-hierarchy-block").spanLength() == 8);
    }

    private static DecodeSettings settings(String preset) {
        return ModelInspection.embedded(LoadOptions.defaults().withPreset(preset)).network().orElseThrow().settings();
    }
}
