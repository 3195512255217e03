package dev.dllm.model.family;

import dev.dllm.model.ConfigFile;
import java.util.List;
import java.util.Set;

/// Fields of a configuration that a family has never heard of: they may ask for something that is not computed.
public final class UnknownFields {
    /// What says nothing about the network or the decoding: training, bookkeeping, other programs' business.
    private static final Set<String> INERT = Set.of(
            "_name_or_path", "alibi_bias_max", "ar_loss_weight", "architectures", "attention_dropout", "attention_layer_norm_with_affine",
            "attn_implementation", "auto_map", "bos_token_id", "conplemenrary_mask", "debug", "delete_token_id",
            "dense_intermediate_size", "dlm_loss_weight", "dlm_paradigm", "dp_varying_mask_ratio", "dtype", "embedding_dropout", "ep_size", "expand_token_id", "flash_attention",
            "fuse_cross_entropy", "init_cutoff_factor", "init_device", "init_fn", "init_std", "initializer_range",
            "max_window_layers", "micro_forward", "mlp_ratio", "model_type", "moe_backend", "moe_implementation",
            "n_group", "num_diffusion_steps", "num_nextn_predict_layers", "output_dropout", "output_router_logits",
            "pad_token_id", "precision", "resid_pdrop", "residual_dropout", "router_aux_loss_coef", "router_dtype",
            "skip_checkpoint", "sliding_window", "split_token_id", "tokenizer_class", "topk_group", "torch_dtype",
            "transformers_version", "use_cache", "use_qk_norm", "unk_token_id");

    private UnknownFields() {}

    /// The fields, sorted, of a configuration that a family has read; those that are null or false ask for nothing.
    public static List<String> of(ConfigFile config) {
        return config.unread().stream().filter(field -> !INERT.contains(field)).sorted().toList();
    }
}
