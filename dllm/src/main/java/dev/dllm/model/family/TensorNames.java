package dev.dllm.model.family;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a checkpoint of pre-norm decoder layers keeps its weights. Names are without the `.weight` (or `.bias`) at the end;
/// those of a layer follow `layers` and its number. Experts stand beside the dense projections in every published layout:
/// `mlp.experts.E.`, their router in `mlp.gate`, a shared one in `mlp.shared_experts.`, and fused in `mlp.w1` and `mlp.w2`.
///
/// @param embedding  token embedding
/// @param finalNorm  norm before the head
/// @param head       output projection
/// @param layers     what stands before a layer's number
/// @param inputNorm  norm before attention
/// @param qkv        query, key and value projection, or one that holds all three one after another
/// @param queryNorm  norm of each query head
/// @param keyNorm    norm of each key head
/// @param output     attention's output projection
/// @param postNorm   norm before the feed-forward part
/// @param gate       gate of a dense feed-forward part
/// @param up         its other input projection
/// @param down       its output projection
/// @param routerBias what a router adds to its scores, the whole name; null for none
record TensorNames(
        String embedding,
        String finalNorm,
        String head,
        String layers,
        String inputNorm,
        List<String> qkv,
        String queryNorm,
        String keyNorm,
        String output,
        String postNorm,
        String gate,
        String up,
        String down,
        @Nullable String routerBias) {

    /// The names of transformers' Llama, Qwen and their descendants.
    static final TensorNames HUB = new TensorNames(
            "model.embed_tokens", "model.norm", "lm_head", "model.layers.",
            "input_layernorm",
            List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
            "self_attn.q_norm", "self_attn.k_norm", "self_attn.o_proj",
            "post_attention_layernorm",
            "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj",
            null);

    /// The same names inside another module than `model`, and another head.
    ///
    /// @param module with a dot at the end
    TensorNames in(String module, String otherHead) {
        return new TensorNames(
                embedding.replace("model.", module), finalNorm.replace("model.", module), otherHead, layers.replace("model.", module),
                inputNorm, qkv, queryNorm, keyNorm, output, postNorm, gate, up, down, routerBias);
    }
}
