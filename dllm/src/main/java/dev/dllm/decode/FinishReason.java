package dev.dllm.decode;

/// Why a run ended.
public enum FinishReason {
    /// An EOS token was committed.
    EOS,
    /// The text went round in circles; it ends before the window of tokens that shows it.
    REPETITION,
    /// The generation length was reached.
    LENGTH,
    /// A block ran out of steps and still holds masks.
    STEPS,
    /// The caller cancelled.
    CANCELLED
}
