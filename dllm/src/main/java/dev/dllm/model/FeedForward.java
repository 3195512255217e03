package dev.dllm.model;

import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import org.jspecify.annotations.Nullable;

/// The weights of a layer's feed-forward part.
public sealed interface FeedForward {

    /// `down · (silu(gate · x) ⊙ (up · x))`.
    ///
    /// @param gate `[width, hidden]`
    /// @param up   `[width, hidden]`
    /// @param down `[hidden, width]`
    record Dense(Weight gate, Weight up, Weight down) implements FeedForward {}

    /// Routed experts plus an optional shared one.
    ///
    /// @param router  `[experts, hidden]`
    /// @param bias    `[1, experts]` F32, added to the scores for the choice only; null for none
    /// @param spec    how the scores become a choice and gates
    /// @param experts the routed experts
    /// @param shared  passed by every token, ungated; null for none
    record MixtureOfExperts(
            Weight router, @Nullable Tensor bias, RouterSpec spec, ExpertWeights experts, @Nullable Dense shared)
            implements FeedForward {}
}
