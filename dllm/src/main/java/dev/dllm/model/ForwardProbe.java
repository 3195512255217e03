package dev.dllm.model;

import dev.dllm.runtime.Tensor;

/// Sees the inside of a forward, for diagnosis and comparison. Tensors are valid only during the call and must not be
/// written. Rows are those of all sequences, one after another.
public interface ForwardProbe {

    /// Sees nothing.
    ForwardProbe NONE = new ForwardProbe() {};

    /// The residual stream behind the embedding.
    ///
    /// @param x `[rows, hidden]` F32
    default void embedded(Tensor x) {}

    /// A router's choice.
    ///
    /// @param ids    `[rows, topK]` I32
    /// @param gates  `[rows, topK]` F32, final weights
    /// @param logits `[rows, experts]` F32
    default void routed(int layer, Tensor ids, Tensor gates, Tensor logits) {}

    /// The residual stream behind a layer.
    ///
    /// @param x `[rows, hidden]` F32
    default void layer(int layer, Tensor x) {}

    /// The rows whose logits are wanted, behind the final norm.
    ///
    /// @param x `[wanted rows, hidden]` F32
    default void normalized(Tensor x) {}
}
