package dev.dllm.model.family;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;
import java.util.stream.IntStream;

/// LLaDA-MoE-7B-A1B (Base, Instruct, TD): bidirectional, every layer a mixture of experts whose softmax gates are used as they
/// are, so that they do not sum to 1.
///
/// @see "inclusionAI/LLaDA-MoE-7B-A1B-Instruct, modeling_lladamoe.py and configuration_lladamoe.py; arXiv:2509.24389"
final class LladaMoe implements ModelFamily {
    /// The configuration names no mask token.
    private static final ReleasedIds RELEASED = new ReleasedIds(157184, 156895, 156892, 156900);

    @Override
    public String name() {
        return "llada-moe";
    }

    @Override
    public String recognisedBy() {
        return "model_type llada, architecture LLaDAMoEModelLM";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "llada") && config.says("architectures", "LLaDAMoEModelLM");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        refuseUnknown(config);
        TransformerConfig transformer = HubConfig.read(config, false, true, layers(config));
        return configs.spec(this, transformer, new AttentionPattern.Bidirectional(), false, RELEASED);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), TensorNames.HUB, weights);
    }

    @Override
    public ChatFormat chat() {
        return ChatFormat.LING;
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        return List.of(new Preset("llada-moe", DecodeSettings.of(spec.pattern(), 128, 64)
                .withUnmasking(new Threshold(0.9f, 1, false))
                .withSampling(Sampling.llada())
                .withStop(StopRule.afterBlock(spec.eosIds()))));
    }

    private static List<FeedForwardShape> layers(ConfigFile config) {
        FeedForwardShape layer = HubConfig.checked(config, () -> new FeedForwardShape.Experts(
                config.integer("num_experts", 1, HubConfig.MOST_EXPERTS),
                config.integer("expert_intermediate_size", 1, HubConfig.LARGEST),
                0,
                HubConfig.softmaxRouter(config, false)));
        return IntStream.range(0, HubConfig.layerCount(config)).mapToObj(_ -> layer).toList();
    }

    /// Switches of the published class that no release turns. Its `norm_topk_prob` is not read by the authors' code.
    private static void refuseUnknown(ConfigFile config) {
        config.expect("clip_qkv", "null");
        config.expectEach("moe_layer_freq", "1");
        config.expect("moe_router_enable_expert_bias", "false");
        config.expect("moe_router_score_function", "\"softmax\"");
        config.expect("partial_rotary_factor", "1", "1.0");
        config.expect("qk_layernorm", "true");
        config.expect("routed_scaling_factor", "1", "1.0");
        config.expect("router_num_group", "1");
        config.expect("router_topk_group", "1");
        config.expect("shared_expert_intermediate_size", "0");
        config.expect("norm_topk_prob", "false");
    }
}
