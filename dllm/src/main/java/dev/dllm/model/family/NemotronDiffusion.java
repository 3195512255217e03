package dev.dllm.model.family;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.UnsupportedModelException;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// Nemotron-Labs-Diffusion: Ministral layers that denoise blocks behind a causal context, and read as a causal language model. The
/// adapter that comes with some releases for drafting (`linear_spec_lora`) is not loaded.
///
/// @see "Nemotron-Labs-Diffusion, arXiv:2607.05722; nvidia/Nemotron-Labs-Diffusion-8B, modeling_nemotron_labs_diffusion.py (generate)"
final class NemotronDiffusion implements ModelFamily {

    @Override
    public String name() {
        return "nemotron-diffusion";
    }

    @Override
    public String recognisedBy() {
        return "model_type nemotron_labs_diffusion";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "nemotron_labs_diffusion");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expect("mlp_bias", "false");
        if (config.says("dlm_paradigm", "autoregressive")) {
            throw new UnsupportedModelException(config.source() + ": dlm_paradigm is \"autoregressive\"; needs weights that denoise");
        }
        config.expectEach("layer_types", "\"full_attention\"");
        TransformerConfig transformer = HubConfig.read(config, false, false, HubConfig.dense(config));
        int blockLength = config.integer("block_size", 1, transformer.contextLimit());
        return configs.spec(this, transformer, new AttentionPattern.CausalContext(blockLength), false);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), TensorNames.HUB.in("encoder.", "diffusion_head"), weights);
    }

    /// The call that makes a block final writes the first token of the next one.
    @Override
    public List<Preset> presets(ModelSpec spec) {
        int blockLength = spec.pattern().blocks().orElseThrow();
        return List.of(new Preset(name(), DecodeSettings.of(spec.pattern(), 256, blockLength)
                .withUnmasking(new Threshold(0.9f, 1, true))
                .withSampling(Sampling.llada())
                .withCache(new BlockCache(BlockCache.Commit.AFTER, false))
                .withStop(StopRule.whenComplete(spec.eosIds()))));
    }
}
