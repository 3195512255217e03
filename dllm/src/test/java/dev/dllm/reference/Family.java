package dev.dllm.reference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A family whose checkpoints are written here: its tensors, and its configuration as changes to that of a golden
/// checkpoint, which is a small copy of a released one.
///
/// @see "the configuration classes beside the authors' modeling code"
public enum Family {
    LLADA("llada-mha", TensorLayout.LLADA),
    LLADA_MOE("llada-moe", TensorLayout.QWEN),
    LLADA2("llada2-moe", TensorLayout.LLADA2),
    LLADA22("llada22-moe", TensorLayout.LLADA2),
    DREAM("dream", TensorLayout.QWEN),
    SDAR("sdar", TensorLayout.QWEN),
    SDAR_MOE("sdar-moe", TensorLayout.QWEN),
    RND1("rnd1", TensorLayout.QWEN),
    ILLADA("illada", TensorLayout.QWEN),
    NEMOTRON("illada", TensorLayout.QWEN.in("encoder.", "diffusion_head")),
    SDLM("fastdllm-v2", TensorLayout.QWEN);

    /// Directory of the golden checkpoint, or of one that is built alike.
    final String golden;

    final TensorLayout layout;

    Family(String golden, TensorLayout layout) {
        this.golden = golden;
        this.layout = layout;
    }

    /// The fields of config.json that a shape decides.
    Map<String, Object> config(Shape shape) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("vocab_size", shape.vocabulary());
        config.put("rms_norm_eps", shape.eps());
        config.put("mask_token_id", shape.vocabulary() - 1);
        config.put("eos_token_id", shape.vocabulary() - 2);
        if (this == LLADA22) {
            config.put("delete_token_id", shape.vocabulary() - 3);
            config.put("split_token_id", shape.vocabulary() - 4);
        }
        config.put("rope_theta", shape.rotary().theta());
        if (!shape.rotary().type().equals("default")) {
            config.put("rope_scaling", scaling(shape.rotary()));
        }
        if (this == LLADA) {
            ofOlmo(shape, config);
        } else {
            ofTransformers(shape, config);
        }
        for (FeedForward part : shape.layers()) {
            switch (part) {
                case FeedForward.Dense dense ->
                    config.put(this == LLADA ? "mlp_hidden_size" : "intermediate_size", dense.width());
                case FeedForward.Experts experts -> experts(experts, config);
            }
        }
        switch (this) {
            case LLADA2, LLADA22 -> {
                config.put("head_dim", shape.headDim());
                config.put("partial_rotary_factor", (double) shape.rotary().width() / shape.headDim());
                config.put("rotary_dim", shape.rotary().width());
                config.put("first_k_dense_replace",
                        shape.layers().stream().filter(FeedForward.Dense.class::isInstance).count());
            }
            case LLADA_MOE -> config.put("moe_layer_freq", shape.layers().stream().map(_ -> 1).toList());
            case SDAR, SDAR_MOE -> {
                config.put("head_dim", shape.headDim());
                config.put("block_size", shape.block());
            }
            case RND1 -> config.put("head_dim", shape.headDim());
            case NEMOTRON -> {
                config.put("model_type", "nemotron_labs_diffusion");
                config.put("architectures", List.of("NemotronLabsDiffusionModel"));
                config.put("dlm_paradigm", "block_diff");
                config.put("head_dim", shape.headDim());
                config.put("block_size", shape.block());
                config.put("rope_theta", null);
                config.put("rope_parameters", Map.of("rope_type", "default", "rope_theta", shape.rotary().theta()));
            }
            case SDLM -> {
                config.put("model_type", "qwen2");
                config.put("architectures", List.of("Qwen2ForCausalLM"));
                config.put("mask_token_id", null);
                config.put("text_mask_token_id", shape.vocabulary() - 1);
                config.put("bd_size", null);
                config.put("causal_attn", false);
                config.put("block_size", shape.block());
            }
            case LLADA, DREAM, ILLADA -> {}
        }
        return config;
    }

    private static void ofOlmo(Shape shape, Map<String, Object> config) {
        config.put("d_model", shape.hidden());
        config.put("n_heads", shape.heads());
        config.put("n_kv_heads", shape.kvHeads());
        config.put("n_layers", shape.layers().size());
        config.put("embedding_size", shape.vocabulary());
    }

    private static void ofTransformers(Shape shape, Map<String, Object> config) {
        config.put("hidden_size", shape.hidden());
        config.put("num_attention_heads", shape.heads());
        config.put("num_key_value_heads", shape.kvHeads());
        config.put("num_hidden_layers", shape.layers().size());
        config.put("tie_word_embeddings", shape.tiedHead());
    }

    private void experts(FeedForward.Experts experts, Map<String, Object> config) {
        Router router = experts.router();
        config.put("num_experts", experts.count());
        config.put("num_experts_per_tok", router.topK());
        config.put(this == LLADA_MOE ? "expert_intermediate_size" : "moe_intermediate_size", experts.width());
        switch (this) {
            case LLADA2, LLADA22 -> {
                config.put("num_shared_experts", experts.sharedWidth() / experts.width());
                config.put("n_group", router.groups());
                config.put("topk_group", router.topGroups());
                config.put("routed_scaling_factor", router.scale());
            }
            case SDAR_MOE, RND1 -> config.put("norm_topk_prob", router.normalize());
            case LLADA, LLADA_MOE, DREAM, SDAR, ILLADA, NEMOTRON, SDLM -> {}
        }
        if (router.block() > 0) {
            config.put("block_size", router.block());
            config.put("expert_capacity", router.capacity());
        }
    }

    /// As `rope_scaling` states it.
    static Map<String, Object> scaling(Rotary rotary) {
        Map<String, Object> scaling = new LinkedHashMap<>(Map.of("rope_type", rotary.type(), "factor", rotary.factor()));
        if (List.of("yarn", "dynamic").contains(rotary.type())) {
            scaling.put("original_max_position_embeddings", rotary.original());
        }
        return scaling;
    }
}
