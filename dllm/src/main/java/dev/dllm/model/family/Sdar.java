package dev.dllm.model.family;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;

/// SDAR and TraDo, dense or mixture of experts: Qwen3 layers, block-causal in blocks that the configuration names.
///
/// @see "JetAstra/SDAR, modeling_sdar.py and modeling_sdar_moe.py; arXiv:2510.06303; Gen-Verse/TraDo, arXiv:2509.06949"
final class Sdar implements ModelFamily {
    private final boolean experts;

    /// @param experts whether layers are mixtures of experts, as Qwen3-MoE places them
    Sdar(boolean experts) {
        this.experts = experts;
    }

    @Override
    public String name() {
        return experts ? "sdar-moe" : "sdar";
    }

    @Override
    public String recognisedBy() {
        return "model_type " + modelType();
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", modelType());
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        TransformerConfig transformer = HubConfig.read(
                config, false, true, experts ? HubConfig.sparse(config) : HubConfig.dense(config));
        int blockLength = config.integer("block_size", 1, transformer.contextLimit());
        return configs.spec(this, transformer, new AttentionPattern.BlockCausal(blockLength), false);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), TensorNames.HUB, weights);
    }

    @Override
    public ChatFormat chat() {
        return ChatFormat.CHATML;
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        int blockLength = spec.pattern().blocks().orElseThrow();
        return List.of(new Preset(name(), DecodeSettings.of(spec.pattern(), 256, blockLength)
                .withUnmasking(new Threshold(0.85f))
                .withCache(new BlockCache())
                .withStop(StopRule.afterBlock(spec.eosIds()))));
    }

    private String modelType() {
        return experts ? "sdar_moe" : "sdar";
    }
}
