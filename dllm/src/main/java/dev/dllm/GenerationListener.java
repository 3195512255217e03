package dev.dllm;

import dev.dllm.decode.DecodeListener;

/// Watches a generation: every step, and the text as it becomes final. Called on the generating thread; see
/// [DecodeListener].
public interface GenerationListener extends DecodeListener {

    /// Hears nothing.
    GenerationListener NONE = new GenerationListener() {};

    /// Text that will not change any more. The pieces of a sequence, put together, are the result's text; no piece splits
    /// a character.
    ///
    /// @param sequence index in the batch
    default void text(int sequence, String piece) {}
}
