package dev.dllm.model;

import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.List;

/// What the denoising loop needs of a model: one batched call.
public interface Network {

    /// Makes one call.
    ///
    /// @param batch     at least one sequence
    /// @param workspace reset first; holds the result until the next call
    /// @return logits `[wanted rows of all sequences, vocabulary]` F32, sequence after sequence
    Tensor forward(List<SequenceForward> batch, Workspace workspace);
}
