package dev.dllm.model.family;

import dev.dllm.model.AttentionShape;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.Rope;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.UnsupportedModelException;
import dev.dllm.runtime.RouterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// The keys that config.json shares among transformers' Llama, Qwen2, Qwen3, Qwen3-MoE and their descendants.
final class HubConfig {
    /// Larger than any model's: a width beyond this is a broken file.
    static final int LARGEST = 1 << 24;

    static final int MOST_LAYERS = 1 << 12;
    static final int MOST_HEADS = 1 << 12;
    static final int LARGEST_HEAD = 1 << 12;
    static final int MOST_EXPERTS = 1 << 16;

    private HubConfig() {}

    /// A network whose heads rotate in full.
    ///
    /// @param bias       whether query, key and value projections have a bias
    /// @param normalized whether query and key heads are normalised
    /// @throws UnsupportedModelException if a field is missing, contradicts another or asks for what is not computed
    static TransformerConfig read(ConfigFile config, boolean bias, boolean normalized, List<FeedForwardShape> layers) {
        AttentionShape attention = attention(config, bias, normalized);
        return transformer(config, attention, RopeConfigs.read(config, attention.headDim()), layers);
    }

    /// A network of any rotary embedding.
    static TransformerConfig transformer(
            ConfigFile config, AttentionShape attention, Rope rope, List<FeedForwardShape> layers) {
        config.expect("hidden_act", "\"silu\"");
        config.expect("use_sliding_window", "false");
        return checked(config, () -> new TransformerConfig(
                config.integer("hidden_size", 1, LARGEST),
                attention,
                config.integer("vocab_size", 1, LARGEST),
                config.optionalBoolean("tie_word_embeddings").orElse(false),
                (float) config.number("rms_norm_eps"),
                rope,
                layers,
                RopeConfigs.contextLimit(config, rope)));
    }

    /// Heads of `head_dim`, or of an even share of `hidden_size` where the file does not name it.
    static AttentionShape attention(ConfigFile config, boolean bias, boolean normalized) {
        config.expect("attention_bias", Boolean.toString(bias));
        int heads = config.integer("num_attention_heads", 1, MOST_HEADS);
        return checked(config, () -> new AttentionShape(
                heads,
                config.optionalInteger("num_key_value_heads", 1, MOST_HEADS).orElse(heads),
                config.optionalInteger("head_dim", 1, LARGEST_HEAD)
                        .orElseGet(() -> evenShare(config, config.integer("hidden_size", 1, LARGEST), heads)),
                bias,
                normalized));
    }

    /// As many dense layers as the file says.
    static List<FeedForwardShape> dense(ConfigFile config) {
        FeedForwardShape layer = new FeedForwardShape.Dense(config.integer("intermediate_size", 1, LARGEST));
        return IntStream.range(0, layerCount(config)).mapToObj(_ -> layer).toList();
    }

    /// Layers as Qwen3-MoE places them: layer i has experts unless `mlp_only_layers` names it or i + 1 is no multiple of
    /// `decoder_sparse_step`. Softmax over all experts, no bias, no groups, no shared expert.
    ///
    /// @see "huggingface/transformers, models/qwen3_moe"
    static List<FeedForwardShape> sparse(ConfigFile config) {
        FeedForwardShape experts = checked(config, () -> new FeedForwardShape.Experts(
                config.integer("num_experts", 1, MOST_EXPERTS),
                config.integer("moe_intermediate_size", 1, LARGEST),
                0,
                softmaxRouter(
                        config,
                        config.optionalBoolean("norm_topk_prob").orElseThrow(() -> new UnsupportedModelException(
                                config.source() + ": norm_topk_prob is missing; needs true or false")))));
        FeedForwardShape dense = new FeedForwardShape.Dense(config.integer("intermediate_size", 1, LARGEST));
        int step = config.optionalInteger("decoder_sparse_step", 1, MOST_LAYERS).orElse(1);
        int[] denseLayers = config.integers("mlp_only_layers", 0, MOST_LAYERS);
        return IntStream.range(0, layerCount(config))
                .mapToObj(i -> (i + 1) % step == 0 && Arrays.stream(denseLayers).noneMatch(d -> d == i) ? experts : dense)
                .toList();
    }

    static RouterSpec softmaxRouter(ConfigFile config, boolean normalize) {
        return new RouterSpec(
                RouterSpec.Scoring.SOFTMAX, config.integer("num_experts_per_tok", 1, MOST_EXPERTS), 1, 1, normalize, 1);
    }

    static int layerCount(ConfigFile config) {
        return config.integer("num_hidden_layers", 1, MOST_LAYERS);
    }

    /// The width of a head where only the width of all is known.
    static int evenShare(ConfigFile config, int width, int heads) {
        if (width % heads != 0) {
            throw new UnsupportedModelException(
                    config.source() + ": a width of " + width + " cannot be shared by " + heads + " heads evenly");
        }
        return width / heads;
    }

    /// What `made` makes of a file's numbers; numbers that contradict each other are the file's fault.
    static <T> T checked(ConfigFile config, Supplier<T> made) {
        try {
            return made.get();
        } catch (IllegalArgumentException e) {
            throw new UnsupportedModelException(config.source() + ": " + e.getMessage());
        }
    }
}
