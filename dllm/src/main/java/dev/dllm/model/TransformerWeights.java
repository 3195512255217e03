package dev.dllm.model;

import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.util.List;

/// All weights of a model, where the backend can read them. Immutable and shared by every session.
///
/// @param embedding `[vocabulary, hidden]`
/// @param layers    first to last
/// @param finalNorm `[1, hidden]`
/// @param head      `[vocabulary, hidden]`
public record TransformerWeights(Tensor embedding, List<LayerWeights> layers, Tensor finalNorm, Weight head) {

    public TransformerWeights {
        layers = List.copyOf(layers);
    }
}
