package dev.dllm.decode;

import dev.dllm.model.ModelSpec;

/// Changes logits before tokens are proposed from them.
///
/// Hooks are immutable and thread-safe; a [State] belongs to one sequence.
public interface LogitHook {

    /// Starts remembering for one sequence.
    State start();

    /// Checks that the hook makes sense with everything else and for a model.
    ///
    /// @throws IllegalArgumentException if it does not
    default void requireFits(DecodeSettings settings, ModelSpec model) {}

    /// What a hook remembers about one sequence. Not thread-safe.
    interface State {

        /// Changes the rows in place. Called once per call, in the order of the settings.
        ///
        /// @param span      the active one
        /// @param positions what each row predicts, ascending
        void adjust(Canvas canvas, Span span, int[] positions, LogitRows rows);
    }

    /// How it is named in reports.
    @Override
    String toString();
}
