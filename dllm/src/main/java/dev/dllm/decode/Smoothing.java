package dev.dllm.decode;

/// Iteration smoothing: to the input of every position that is still a mask, a call adds a multiple of the embedding that the
/// logits of the call before it expected there, so that what was uncertain is not forgotten. The multiple grows from call to
/// call.
///
/// @param first  of the run's first call, 0 or more
/// @param growth per call, 0 or more
/// @param most   however many calls, 0 or more
/// @see "inclusionAI/dInfer, decoding/generate_uniform.py (IterSmoothDiffusionLLM)"
public record Smoothing(float first, float growth, float most) {

    public Smoothing {
        if (!(first >= 0) || !(growth >= 0) || !(most >= 0) || !Float.isFinite(most) || !Float.isFinite(first + growth)) {
            throw new IllegalArgumentException("smoothing from %s by %s to at most %s: needs numbers of 0 or more"
                    .formatted(first, growth, most));
        }
    }

    /// What the expected embeddings of a call are multiplied by.
    ///
    /// @param call of the run, from 0
    float weight(int call) {
        return Math.min(first + call * growth, most);
    }
}
