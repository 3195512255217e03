package dev.dllm.model.family;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Editing;
import dev.dllm.decode.InsertDelete;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.AttentionShape;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import dev.dllm.runtime.RouterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// LLaDA2.0, 2.1 and 2.2, mini and flash: a block-causal mixture of experts with fused query/key/value, per-head query/key
/// norm, partial rotary embedding, dense first layers, and a sigmoid router whose bias only takes part in the choice.
///
/// 2.0 and 2.1 have equal configurations and differ in training and decoding; the preset tells them apart. 2.2 limits the
/// experts of a routing block, where the others limit those of a position to groups.
///
/// @see "inclusionAI/LLaDA2.0-mini, modeling_llada2_moe.py and configuration_llada2_moe.py; arXiv:2512.15745, arXiv:2602.08676;
///      SGLang's LLaDA2 block routing"
final class Llada2Moe implements ModelFamily {
    private static final int BLOCK_LENGTH = 32;
    private static final int POST_STEPS = 16;

    /// The configurations of 2.0 name neither mask nor EOS.
    private static final ReleasedIds RELEASED = new ReleasedIds(157184, 156895, 156892, 156900);

    private static final TensorNames NAMES = new TensorNames(
            "model.word_embeddings", "model.norm", "lm_head", "model.layers.",
            "input_layernorm",
            List.of("attention.query_key_value"), "attention.query_layernorm", "attention.key_layernorm", "attention.dense",
            "post_attention_layernorm",
            "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
            "mlp.gate.expert_bias");

    @Override
    public String name() {
        return "llada2-moe";
    }

    @Override
    public String recognisedBy() {
        return "model_type llada2_moe";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "llada2_moe") || config.says("model_type", "llada2_moe_veomni");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        refuseUnknown(config);
        AttentionShape attention = HubConfig.attention(config, false, true);
        int rotaryWidth = (int) (attention.headDim()
                * RopeConfigs.partialRotaryFactor(config).orElseGet(() -> config.number("partial_rotary_factor")));
        config.expect("rotary_dim", Integer.toString(rotaryWidth));
        TransformerConfig transformer = HubConfig.transformer(
                config, attention, RopeConfigs.read(config, rotaryWidth), layers(config));
        return configs.spec(this, transformer, new AttentionPattern.BlockCausal(BLOCK_LENGTH), false, RELEASED);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), NAMES, weights);
    }

    @Override
    public ChatFormat chat() {
        return ChatFormat.LING;
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        List<Preset> presets = new ArrayList<>();
        if (spec.editIds().delete().isPresent() && spec.editIds().split().isPresent()) {
            DecodeSettings editing = settings(spec, new InsertDelete(0.5f, 0, POST_STEPS));
            presets.add(new Preset("llada2.2", editing));
            presets.add(new Preset("sglang-joint-threshold-indel", editing));
        }
        presets.add(new Preset("llada2.0", settings(spec, new Threshold(0.95f))));
        presets.add(new Preset("llada2.1", settings(spec, new Editing(0.7f, 0.5f))));
        presets.add(new Preset("llada2.1-speed", settings(spec, new Editing(0.5f, 0))));
        return presets;
    }

    private static DecodeSettings settings(ModelSpec spec, Unmasking unmasking) {
        return DecodeSettings.of(spec.pattern(), 256, BLOCK_LENGTH)
                .withUnmasking(unmasking)
                .withCache(new BlockCache())
                .withStop(StopRule.afterBlock(spec.eosIds()));
    }

    private static List<FeedForwardShape> layers(ConfigFile config) {
        int count = HubConfig.layerCount(config);
        int denseCount = config.integer("first_k_dense_replace", 0, count);
        int width = config.integer("moe_intermediate_size", 1, HubConfig.LARGEST);
        int topK = config.integer("num_experts_per_tok", 1, HubConfig.MOST_EXPERTS);
        int capacity = config.optionalInteger("expert_capacity", 0, HubConfig.MOST_EXPERTS).orElse(0);
        // With a capacity the files still name groups, which play no part.
        boolean grouped = capacity == 0;
        FeedForwardShape experts = HubConfig.checked(config, () -> new FeedForwardShape.Experts(
                config.integer("num_experts", 1, HubConfig.MOST_EXPERTS),
                width,
                Math.multiplyExact(width, config.integer("num_shared_experts", 0, 64)),
                new RouterSpec(
                        RouterSpec.Scoring.SIGMOID,
                        topK,
                        grouped ? config.integer("n_group", 1, HubConfig.MOST_EXPERTS) : 1,
                        grouped ? config.integer("topk_group", 1, HubConfig.MOST_EXPERTS) : 1,
                        topK > 1,
                        (float) config.number("routed_scaling_factor"),
                        capacity),
                grouped ? 0 : config.integer("block_size", 1, HubConfig.LARGEST)));
        FeedForwardShape dense =
                new FeedForwardShape.Dense(config.integer("intermediate_size", 1, HubConfig.LARGEST));
        return IntStream.range(0, count).mapToObj(i -> i < denseCount ? dense : experts).toList();
    }

    /// Settings of the published class that no release uses.
    private static void refuseUnknown(ConfigFile config) {
        config.expect("use_bias", "false");
        config.expect("use_qkv_bias", "false");
        config.expect("tie_word_embeddings", "false");
        config.expect("norm_head", "false");
        config.expect("norm_topk_prob", "true");
        config.expect("use_rmsnorm", "true");
        config.expect("score_function", "\"sigmoid\"");
        config.expect("moe_router_enable_expert_bias", "true");
        config.expect("using_split_qkv_in_self_attention", "false");
    }
}
