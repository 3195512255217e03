package dev.dllm.decode;

/// Ends a run before every mask had its turn: when the model is sure enough, all that is left is committed at once.
///
/// Rules are immutable and thread-safe; a [State] belongs to one sequence.
///
/// @see "Prophet, arXiv:2508.19982; SchED, arXiv:2512.02892"
public interface ExitRule {

    /// Starts remembering for one sequence.
    ///
    /// @param calls allotted to the run
    State start(int calls);

    /// What a rule remembers about one sequence. Not thread-safe.
    interface State {

        /// Whether the rule asks for the proposal of a position, besides every mask of the canvas.
        default boolean wants(Canvas canvas, int position) {
            return false;
        }

        /// Whether this call is the last one. Asked before the call's edits.
        ///
        /// @param step with a candidate for every position that was wanted, inside the span or not
        boolean exits(Step step);
    }

    /// How it is named in reports.
    @Override
    String toString();
}
