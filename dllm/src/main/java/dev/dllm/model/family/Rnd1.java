package dev.dllm.model.family;

import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Quota;
import dev.dllm.decode.Schedule;
import dev.dllm.decode.StopRule;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// RND1: Qwen3-MoE with full attention, whose row i predicts position i + 1. The sizes are those of the file, which the
/// published configuration class would overwrite.
///
/// @see "radicalnumerics/RND1-Base-0910, modeling_rnd.py and configuration_rnd.py"
final class Rnd1 implements ModelFamily {

    @Override
    public String name() {
        return "rnd1";
    }

    @Override
    public String recognisedBy() {
        return "model_type rnd1";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "rnd1");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expect("is_causal", "false");
        TransformerConfig transformer = HubConfig.read(config, false, true, HubConfig.sparse(config));
        return configs.spec(this, transformer, new AttentionPattern.Bidirectional(), true);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), TensorNames.HUB, weights);
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        return List.of(new Preset(name(), DecodeSettings.of(spec.pattern(), 256, DecodeSettings.WHOLE)
                .withUnmasking(new Schedule(Quota.LINE))
                .withConfidence(Confidence.ENTROPY)
                .withStop(StopRule.afterBlock(spec.eosIds()))));
    }
}
