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

/// Autoregressive models turned into diffusion models by dllm's a2d recipe (Tiny-A2D): full attention, row i predicts
/// position i. The block-diffusion variants have the same files; `--attention` tells.
///
/// @see "ZHZisZZ/dllm, dllm/pipelines/a2d"
final class A2d implements ModelFamily {
    private final String modelType;
    private final boolean bias;
    private final boolean normalized;

    private A2d(String modelType, boolean bias, boolean normalized) {
        this.modelType = modelType;
        this.bias = bias;
        this.normalized = normalized;
    }

    static A2d qwen2() {
        return new A2d("a2d-qwen2", true, false);
    }

    static A2d qwen3() {
        return new A2d("a2d-qwen3", false, true);
    }

    static A2d llama() {
        return new A2d("a2d-llama", false, false);
    }

    @Override
    public String name() {
        return modelType;
    }

    @Override
    public String recognisedBy() {
        return "model_type " + modelType;
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", modelType);
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expect("mlp_bias", "false");
        config.expectEach("layer_types", "\"full_attention\"");
        TransformerConfig transformer = HubConfig.read(config, bias, normalized, HubConfig.dense(config));
        return configs.spec(this, transformer, new AttentionPattern.Bidirectional(), false);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), TensorNames.HUB, weights);
    }

    @Override
    public ChatFormat chat() {
        return modelType.equals("a2d-llama") ? ChatFormat.NONE : ChatFormat.CHATML;
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        return List.of(new Preset("a2d", DecodeSettings.of(spec.pattern(), 128, 32)
                .withStop(StopRule.afterBlock(spec.eosIds()))));
    }
}
