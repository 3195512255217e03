package dev.dllm.model.family;

import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// Open-dCoder: Qwen2.5-Coder with full attention, whose row i predicts position i + 1. Its files are those of a plain Qwen2:
/// only the user knows that it is a diffusion model, and its mask token is named by the tokenizer at best.
///
/// @see "pengzhangzhi/Open-dLLM, veomni/models/transformers/qwen2"
final class OpenDcoder implements ModelFamily {

    @Override
    public String name() {
        return "open-dcoder";
    }

    @Override
    public String recognisedBy() {
        return "only by its name: the files are those of a plain qwen2";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return false;
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expect("model_type", "\"qwen2\"");
        TransformerConfig transformer = HubConfig.read(config, true, false, HubConfig.dense(config));
        return configs.spec(this, transformer, new AttentionPattern.Bidirectional(), true);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), TensorNames.HUB, weights);
    }

    @Override
    public ChatFormat chat() {
        return ChatFormat.CHATML_WITH_SYSTEM;
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        return List.of(new Preset(name(), DecodeSettings.of(spec.pattern(), 128, DecodeSettings.WHOLE)
                .withConfidence(Confidence.ENTROPY)
                .withSampling(Sampling.dream())
                .withStop(StopRule.afterBlock(spec.eosIds()))));
    }
}
