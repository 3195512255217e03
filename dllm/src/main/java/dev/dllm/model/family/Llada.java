package dev.dllm.model.family;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.AttentionShape;
import dev.dllm.model.ConfigFile;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Rope;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import java.util.List;
import java.util.stream.IntStream;

/// LLaDA-8B (Base, Instruct) and LLaDA-1.5: bidirectional Llama layers under the names of OLMo's code. Grouped key/value heads
/// are accepted; the releases have none.
///
/// @see "GSAI-ML/LLaDA-8B-Instruct, modeling_llada.py and configuration_llada.py; arXiv:2502.09992, arXiv:2505.19223"
final class Llada implements ModelFamily {
    /// The block's down projection and the head bear the same last name; `ff_proj` is the gate.
    private static final TensorNames NAMES = new TensorNames(
            "model.transformer.wte", "model.transformer.ln_f", "model.transformer.ff_out", "model.transformer.blocks.",
            "attn_norm", List.of("q_proj", "k_proj", "v_proj"), "q_norm", "k_norm", "attn_out",
            "ff_norm", "ff_proj", "up_proj", "ff_out",
            null);

    @Override
    public String name() {
        return "llada";
    }

    @Override
    public String recognisedBy() {
        return "model_type llada, architecture LLaDAModelLM";
    }

    @Override
    public boolean matches(ConfigFile config) {
        return config.says("model_type", "llada") && config.says("architectures", "LLaDAModelLM");
    }

    @Override
    public ModelSpec spec(ModelConfigs configs) {
        ConfigFile config = configs.config();
        refuseUnknown(config);
        int hidden = config.integer("d_model", 1, HubConfig.LARGEST);
        int heads = config.integer("n_heads", 1, HubConfig.MOST_HEADS);
        int headDim = HubConfig.evenShare(config, hidden, heads);
        int vocabulary = config.integer("vocab_size", 1, HubConfig.LARGEST);
        config.expect("embedding_size", Integer.toString(vocabulary));
        FeedForwardShape layer = new FeedForwardShape.Dense(
                config.optionalInteger("mlp_hidden_size", 1, HubConfig.LARGEST)
                        .orElseGet(() -> hidden * config.integer("mlp_ratio", 1, 64)));
        Rope rope = RopeConfigs.read(config, headDim);
        TransformerConfig transformer = HubConfig.checked(config, () -> new TransformerConfig(
                hidden,
                new AttentionShape(
                        heads, config.optionalInteger("n_kv_heads", 1, HubConfig.MOST_HEADS).orElse(heads), headDim,
                        false, false),
                vocabulary,
                config.optionalBoolean("weight_tying").orElse(false),
                (float) config.number("rms_norm_eps"),
                rope,
                IntStream.range(0, config.integer("n_layers", 1, HubConfig.MOST_LAYERS)).mapToObj(_ -> layer).toList(),
                rope.scaling().contextLimit(config.integer("max_sequence_length", 1, Integer.MAX_VALUE))));
        return configs.spec(this, transformer, new AttentionPattern.Bidirectional(), false);
    }

    @Override
    public TransformerWeights load(ModelSpec spec, WeightLoader weights) {
        return DecoderLoader.load(spec.transformer(), NAMES, weights);
    }

    @Override
    public ChatFormat chat() {
        return ChatFormat.LLADA;
    }

    @Override
    public List<Preset> presets(ModelSpec spec) {
        return List.of(new Preset("llada", DecodeSettings.of(spec.pattern(), 128, 32)
                .withSampling(Sampling.llada())
                .withStop(StopRule.afterBlock(spec.eosIds()))));
    }

    /// Switches of the published class that no release turns.
    private static void refuseUnknown(ConfigFile config) {
        config.expect("activation_type", "\"silu\"");
        config.expect("alibi", "false");
        config.expect("attention_layer_norm", "false");
        config.expect("block_group_size", "1");
        config.expect("block_type", "\"llama\"");
        config.expect("include_bias", "false");
        config.expect("include_qkv_bias", "false");
        config.expect("bias_for_layer_norm", "false");
        config.expect("input_emb_norm", "false");
        config.expect("layer_norm_type", "\"rms\"");
        config.expect("layer_norm_with_affine", "true");
        config.expect("multi_query_attention", "false");
        config.expect("rope", "true");
        config.expect("rope_full_precision", "true");
        config.expect("scale_logits", "false");
        config.expect("weight_tying", "false");
    }
}
