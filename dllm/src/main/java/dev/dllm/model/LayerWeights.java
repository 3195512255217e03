package dev.dllm.model;

import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The weights of one layer.
///
/// @param inputNorm     `[1, hidden]`
/// @param qkv           projections of `hidden` whose outputs stand side by side: all query heads, all key heads, all value
///                      heads; one fused matrix or several
/// @param queryNorm     `[1, headDim]`, applied to each query head; null for none
/// @param keyNorm       `[1, headDim]`, applied to each key head; null for none
/// @param output        `[hidden, heads · headDim]`
/// @param postNorm      `[1, hidden]`, before the feed-forward part
/// @param feedForward   dense or mixture of experts
public record LayerWeights(
        Tensor inputNorm,
        List<Projection> qkv,
        @Nullable Tensor queryNorm,
        @Nullable Tensor keyNorm,
        Weight output,
        Tensor postNorm,
        FeedForward feedForward) {

    public LayerWeights {
        qkv = List.copyOf(qkv);
    }
}
