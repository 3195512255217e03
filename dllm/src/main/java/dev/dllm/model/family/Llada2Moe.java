package dev.dllm.model.family;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Editing;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.FeedForward;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.LayerWeights;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Rope;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.UnsupportedModelException;
import dev.dllm.model.WeightLoader;
import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// LLaDA2.0 and 2.1, mini and flash: a block-causal mixture of experts with fused query/key/value, per-head query/key norm,
/// partial rotary embedding, dense first layers, and a sigmoid router whose bias only takes part in the choice.
///
/// 2.0 and 2.1 have equal configurations and differ in training and decoding; the preset tells them apart.
///
/// @see "inclusionAI/LLaDA2.0-mini, modeling_llada2_moe.py and configuration_llada2_moe.py; arXiv:2512.15745, arXiv:2602.08676"
final class Llada2Moe implements ModelFamily {
    private static final Set<String> MODEL_TYPES = Set.of("llada2_moe", "llada2_moe_veomni");
    private static final int BLOCK_LENGTH = 32;

    /// The vocabulary of the released checkpoints, whose configurations name neither mask nor EOS.
    private static final int RELEASED_VOCABULARY = 157184;

    private static final int RELEASED_MASK_ID = 156895;
    private static final int[] RELEASED_EOS_IDS = {156892, 156900};

    private static final int LARGEST = 1 << 24;

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
        return config.optionalString("model_type").filter(MODEL_TYPES::contains).isPresent();
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        refuseUnknown(config);
        int headDim = config.integer("head_dim", 1, 1 << 12);
        int rotaryWidth = (int) (headDim * config.number("partial_rotary_factor"));
        config.expect("rotary_dim", Integer.toString(rotaryWidth));
        double theta = config.optionalNumber("rope_theta")
                .orElseGet(() -> config.object("rope_parameters").number("rope_theta"));
        try {
            TransformerConfig transformer = new TransformerConfig(
                    config.integer("hidden_size", 1, LARGEST),
                    config.integer("num_attention_heads", 1, 1 << 12),
                    config.integer("num_key_value_heads", 1, 1 << 12),
                    headDim,
                    config.integer("vocab_size", 1, LARGEST),
                    (float) config.number("rms_norm_eps"),
                    new Rope(theta, rotaryWidth),
                    layers(config),
                    config.integer("max_position_embeddings", 1, Integer.MAX_VALUE));
            return new ModelSpec(
                    name(), transformer, new AttentionPattern.BlockCausal(BLOCK_LENGTH),
                    maskId(configs, transformer.vocabulary()), eosIds(configs, transformer.vocabulary()));
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException(config.source() + ": " + e.getMessage());
        }
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        TransformerConfig config = spec.transformer();
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < config.layers().size(); i++) {
            layers.add(layer("model.layers." + i + ".", config, config.layers().get(i), weights));
        }
        return new TransformerWeights(
                weights.table("model.word_embeddings.weight", config.vocabulary(), config.hidden()),
                layers,
                weights.norm("model.norm.weight", config.hidden()),
                weights.linear("lm_head.weight", config.vocabulary(), config.hidden()));
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        return List.of(
                new Preset("llada2.0", settings(spec, new Threshold(0.95f))),
                new Preset("llada2.1", settings(spec, new Editing(0.7f, 0.5f))),
                new Preset("llada2.1-speed", settings(spec, new Editing(0.5f, 0))));
    }

    private static DecodeSettings settings(ModelSpec spec, Unmasking unmasking) {
        return new DecodeSettings(
                256, BLOCK_LENGTH, 32, spec.pattern(), unmasking, new BlockCache(), Sampling.greedy(), 0,
                StopRule.afterBlock(spec.eosIds()), true);
    }

    private static List<FeedForwardShape> layers(ConfigFile config) {
        int count = config.integer("num_hidden_layers", 1, 1 << 12);
        int dense = config.integer("first_k_dense_replace", 0, count);
        int width = config.integer("moe_intermediate_size", 1, LARGEST);
        int topK = config.integer("num_experts_per_tok", 1, 1 << 16);
        RouterSpec router = new RouterSpec(
                RouterSpec.Scoring.SIGMOID,
                topK,
                config.integer("n_group", 1, 1 << 16),
                config.integer("topk_group", 1, 1 << 16),
                topK > 1,
                (float) config.number("routed_scaling_factor"));
        FeedForwardShape experts = new FeedForwardShape.Experts(
                config.integer("num_experts", 1, 1 << 16),
                width,
                Math.multiplyExact(width, config.integer("num_shared_experts", 0, 64)),
                router);
        FeedForwardShape first = new FeedForwardShape.Dense(config.integer("intermediate_size", 1, LARGEST));
        List<FeedForwardShape> layers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            layers.add(i < dense ? first : experts);
        }
        return layers;
    }

    private static LayerWeights layer(
            String prefix, TransformerConfig config, FeedForwardShape shape, WeightLoader weights) {
        int hidden = config.hidden();
        return new LayerWeights(
                weights.norm(prefix + "input_layernorm.weight", hidden),
                List.of(weights.linear(
                        prefix + "attention.query_key_value.weight",
                        config.queryWidth() + 2 * config.keyWidth(),
                        hidden)),
                weights.norm(prefix + "attention.query_layernorm.weight", config.headDim()),
                weights.norm(prefix + "attention.key_layernorm.weight", config.headDim()),
                weights.linear(prefix + "attention.dense.weight", hidden, config.queryWidth()),
                weights.norm(prefix + "post_attention_layernorm.weight", hidden),
                switch (shape) {
                    case FeedForwardShape.Dense dense -> dense(prefix + "mlp.", hidden, dense.width(), weights);
                    case FeedForwardShape.Experts experts -> experts(prefix + "mlp.", hidden, experts, weights);
                });
    }

    private static FeedForward.Dense dense(String prefix, int hidden, int width, WeightLoader weights) {
        return new FeedForward.Dense(
                weights.linear(prefix + "gate_proj.weight", width, hidden),
                weights.linear(prefix + "up_proj.weight", width, hidden),
                weights.linear(prefix + "down_proj.weight", hidden, width));
    }

    private static FeedForward experts(
            String prefix, int hidden, FeedForwardShape.Experts shape, WeightLoader weights) {
        List<Weight> gate = new ArrayList<>();
        List<Weight> up = new ArrayList<>();
        List<Weight> down = new ArrayList<>();
        for (int e = 0; e < shape.experts(); e++) {
            FeedForward.Dense expert = dense(prefix + "experts." + e + ".", hidden, shape.width(), weights);
            gate.add(expert.gate());
            up.add(expert.up());
            down.add(expert.down());
        }
        return new FeedForward.MixtureOfExperts(
                weights.linear(prefix + "gate.weight", shape.experts(), hidden),
                weights.widened(prefix + "gate.expert_bias", shape.experts()),
                shape.router(),
                new ExpertWeights(gate, up, down),
                shape.sharedWidth() == 0
                        ? null
                        : dense(prefix + "shared_experts.", hidden, shape.sharedWidth(), weights));
    }

    private static int maskId(ModelConfigs configs, int vocabulary) {
        return configs.maskId(vocabulary).orElseGet(() -> {
            if (vocabulary == RELEASED_VOCABULARY) {
                return RELEASED_MASK_ID;
            }
            throw new UnsupportedModelException(
                    configs.config().source() + ": mask_token_id is missing; name it with --mask-id");
        });
    }

    private static int[] eosIds(ModelConfigs configs, int vocabulary) {
        int[] eosIds = configs.eosIds();
        return eosIds.length == 0 && vocabulary == RELEASED_VOCABULARY ? RELEASED_EOS_IDS : eosIds;
    }

    /// Settings of the published class that no release uses, or that belong to LLaDA2.2.
    private static void refuseUnknown(ConfigFile config) {
        config.expect("hidden_act", "\"silu\"");
        config.expect("use_bias", "false");
        config.expect("use_qkv_bias", "false");
        config.expect("rope_scaling", "null");
        config.expect("tie_word_embeddings", "false");
        config.expect("norm_head", "false");
        config.expect("score_function", "\"sigmoid\"");
        config.expect("moe_router_enable_expert_bias", "true");
        config.expect("using_split_qkv_in_self_attention", "false");
        config.expect("use_sliding_window", "false");
        config.expect("expert_capacity", "0");
    }
}
