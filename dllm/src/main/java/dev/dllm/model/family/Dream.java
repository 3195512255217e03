package dev.dllm.model.family;

import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.ExpandDelete;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// Dream 7B and the checkpoints with its network (Dream-Coder, DiffuCoder, DreamOn): Qwen2 layers with full attention, whose
/// row i predicts position i + 1.
///
/// @see "Dream-org/Dream-v0-Instruct-7B, modeling_dream.py and configuration_dream.py; arXiv:2508.15487; apple/DiffuCoder, arXiv:2506.20639"
final class Dream implements ModelFamily {

    @Override
    public String name() {
        return "dream";
    }

    @Override
    public String recognisedBy() {
        return "model_type Dream, architecture DreamModel";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "Dream") && config.says("architectures", "DreamModel");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expect("use_mrope", "false");
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
        DecodeSettings dream = DecodeSettings.of(spec.pattern(), 128, DecodeSettings.WHOLE)
                .withConfidence(Confidence.ENTROPY)
                .withSampling(Sampling.dream())
                .withStop(StopRule.afterBlock(spec.eosIds()));
        return spec.editIds().expand().isEmpty()
                ? List.of(new Preset("dream", dream))
                : List.of(
                        new Preset("dreamon", dream.withGenLength(64).withUnmasking(new ExpandDelete(ExpandDelete.DEFAULT_LENGTH))),
                        new Preset("dream", dream));
    }
}
