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

/// Fast-dLLM v2: Qwen2.5 turned into a block-causal model whose row i predicts position i + 1.
///
/// @see "Efficient-Large-Model/Fast_dLLM_v2_7B, modeling.py and configuration.py; arXiv:2509.26328"
final class FastDllmV2 implements ModelFamily {
    /// The configurations name no mask token: 1.5B and 7B differ in their vocabulary.
    private static final ReleasedIds SMALL = new ReleasedIds(151936, 151665, 151645);

    private static final ReleasedIds LARGE = new ReleasedIds(152064, 151665, 151645);

    @Override
    public String name() {
        return "fastdllm-v2";
    }

    @Override
    public String recognisedBy() {
        return "model_type Fast_dLLM_Qwen";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "Fast_dLLM_Qwen");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        config.expectEach("layer_types", "\"full_attention\"");
        TransformerConfig transformer = HubConfig.read(config, true, false, HubConfig.dense(config));
        int blockLength = config.integer("bd_size", 1, transformer.contextLimit());
        return configs.spec(
                this, transformer, new AttentionPattern.BlockCausal(blockLength), true, SMALL, LARGE);
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
        int blockLength = spec.pattern().blocks().orElseThrow();
        return List.of(new Preset(name(), DecodeSettings.of(spec.pattern(), 256, blockLength)
                .withUnmasking(new Threshold(0.9f, 1, false))
                .withSpanLength(8)
                .withCache(new BlockCache())
                .withStop(StopRule.afterBlock(spec.eosIds()))));
    }
}
