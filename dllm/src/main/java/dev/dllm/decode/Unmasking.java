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

        /// Whether the rule asks for the proposal of a position of the canvas.
        ///
        /// @param span the active one
        default boolean wants(Canvas canvas, Span span, int position) {
            return span.contains(position) && canvas.isMasked(position);
        }

        /// Where the text ends for the next call: positions from here on are neither computed nor seen.
        default int horizon(Canvas canvas) {
            return canvas.length();
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
