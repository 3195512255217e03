package dev.dllm.model.family;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.StopRule;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// iLLaDA-8B: bidirectional Llama layers with a tied head.
///
/// @see "GSAI-ML/iLLaDA-8B, modeling_illada.py and configuration_illada.py"
final class Illada implements ModelFamily {
    /// The configuration names no mask token.
    private static final ReleasedIds RELEASED = new ReleasedIds(155136, 5, 2);

    @Override
    public String name() {
        return "illada";
    }

    @Override
    public String recognisedBy() {
        return "model_type illada";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "illada") || config.says("architectures", "ILLaDAForCausalLM");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expect("layer_norm_eps", "null");
        config.expect("mlp_bias", "false");
        TransformerConfig transformer = HubConfig.read(config, false, false, HubConfig.dense(config));
        return configs.spec(this, transformer, new AttentionPattern.Bidirectional(), false, RELEASED);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), TensorNames.HUB, weights);
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        return List.of(new Preset(name(), DecodeSettings.of(spec.pattern(), 128, 32)
                .withStop(StopRule.afterBlock(spec.eosIds()))));
    }
}
