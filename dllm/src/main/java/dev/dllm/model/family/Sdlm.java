package dev.dllm.model.family;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.NextSequence;
import dev.dllm.decode.StopRule;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// SDLM: Qwen2.5 that predicts a few tokens behind the text at once, by a window of masks.
///
/// @see "SDLM, arXiv:2509.24007; OpenGVLab/SDLM, sdlm/model/sdlm_qwen2_5"
final class Sdlm implements ModelFamily {

    @Override
    public String name() {
        return "sdlm";
    }

    @Override
    public String recognisedBy() {
        return "model_type qwen2 with a text_mask_token_id";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "qwen2") && config.has("text_mask_token_id");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expect("causal_attn", "false");
        TransformerConfig transformer = HubConfig.read(config, true, false, HubConfig.dense(config));
        int window = config.optionalInteger("block_size", 1, transformer.contextLimit()).orElse(NextSequence.DEFAULT_WIDTH);
        return configs.spec(this, transformer, new AttentionPattern.CausalContext(window), true);
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
        return List.of(new Preset(name(), DecodeSettings.of(spec.pattern(), 256, DecodeSettings.WHOLE)
                .withUnmasking(new NextSequence(0.9f, spec.pattern().blocks().orElseThrow()))
                .withCache(new BlockCache())
                .withStop(StopRule.whenComplete(spec.eosIds()))));
    }
}
