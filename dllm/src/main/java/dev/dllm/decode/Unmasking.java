package dev.dllm.decode;

/// Turns proposals into edits: which positions are committed, and which committed ones are revised.
///
/// Rules are immutable and thread-safe; a [State] belongs to one sequence.
public interface Unmasking {

    /// Starts remembering for one sequence.
    State start();

    /// How long a span goes on under this rule unless the settings say otherwise.
    Pacing pacing();

    /// What a rule remembers about one sequence. Not thread-safe.
    interface State {

        /// Whether the rule asks for the proposal of this position of the active span.
        default boolean wants(Canvas canvas, int position) {
            return canvas.isMasked(position);
        }

        /// Decides what this call writes.
        ///
        /// @param edits empty; receives the decision
        void decide(Step step, Edits edits);

        /// Whether the active span gets another call.
        ///
        /// @param masks left in it
        default boolean another(Pacing pacing, int masks, BlockProgress progress) {
            return pacing.another(masks, progress);
        }
    }

    /// The name and arguments that [UnmaskingRules#parse] reads.
    @Override
    String toString();
}
