package dev.dllm.model.family;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Editing;
import dev.dllm.decode.EntropyBound;
import dev.dllm.decode.LinearSpeculation;
import dev.dllm.decode.MultiBlock;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Threshold;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;
import java.util.List;

/// Modes of serving engines, by the names that their users know, as presets for every family: the family's own settings with
/// the mode's rule and its default numbers.
///
/// Text for text they are what the engine decodes. Engines store a finished block by a call of its own; here the family's cache
/// decides that, which changes the number of calls alone.
///
/// @see "sgl-project/sglang, srt/dllm/algorithm; vllm-project/dllm-plugin, dllm_plugin/remasking"
public final class ServingModes {

    private ServingModes() {}

    /// The modes that fit a family.
    ///
    /// @param settings the family's own
    public static List<Preset> of(DecodeSettings settings) {
        DecodeSettings plain = settings.withConfidence(Confidence.PROBABILITY).withSteps(0);
        Preset entropy = preset("sglang-entropy-threshold", plain.withConfidence(Confidence.ENTROPY), new Threshold(-0.95f, 1, false));
        if (settings.attention() instanceof AttentionPattern.Bidirectional) {
            return List.of(
                    entropy,
                    preset(
                            "sglang-full-attn-multi-block",
                            plain.withBlockLength(32).withConfidence(Confidence.ENTROPY),
                            new MultiBlock(-0.4f, 0.1f)));
        }
        DecodeSettings blocks = plain.withSpanLength(DecodeSettings.WHOLE);
        if (settings.attention() instanceof AttentionPattern.CausalContext) {
            Preset linear = preset(
                    "sglang-linear-spec",
                    blocks.withBlockLength(DecodeSettings.WHOLE).withSampling(Sampling.greedy()).withCache(new BlockCache()),
                    new LinearSpeculation(LinearSpeculation.DEFAULT_WIDTH));
            // A family that denoises a window, not blocks, has no blocks for the other one.
            return settings.blockLength() == DecodeSettings.WHOLE ? List.of(linear) : List.of(
                    preset("sglang-fastdiffuser", blocks.withSampling(Sampling.llada().withTemperature(0.7f)), new Threshold(0.9f, 1, false)),
                    linear);
        }
        return List.of(
                preset("sglang-low-confidence", blocks, new Threshold(0.95f, 1, false)),
                preset("sglang-joint-threshold", blocks, new Editing(0.5f, 0)),
                preset("sglang-eb-sampling", blocks.withConfidence(Confidence.ENTROPY), new EntropyBound(0.15f, EntropyBound.Sum.OTHERS)),
                entropy,
                preset("sglang-hierarchy-block", plain.withSpanLength(8), new Threshold(0.9f, 1, false)),
                preset("vllm-llada2", blocks, new Threshold(0.9f)));
    }

    private static Preset preset(String name, DecodeSettings settings, Unmasking unmasking) {
        return new Preset(name, settings.withUnmasking(unmasking));
    }
}
