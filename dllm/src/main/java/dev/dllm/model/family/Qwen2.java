package dev.dllm.model.family;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// Qwen2 and Qwen2.5, causal language models. They have no mask token and denoise nothing; they verify what a diffusion model
/// of the same vocabulary drafts.
///
/// @see "Qwen2.5, arXiv:2412.15115; transformers modeling_qwen2.py"
final class Qwen2 implements ModelFamily {

    @Override
    public String name() {
        return "qwen2";
    }

    @Override
    public String recognisedBy() {
        return "model_type qwen2, architecture Qwen2ForCausalLM; causal, for verification only";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "qwen2") && config.says("architectures", "Qwen2ForCausalLM");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expect("model_type", "\"qwen2\"");
        TransformerConfig transformer = HubConfig.read(config, true, false, HubConfig.dense(config));
        return configs.causal(name(), transformer);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), TensorNames.HUB, weights);
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        return List.of(new Preset(name(), DecodeSettings.of(spec.pattern(), 128, 1)));
    }
}
