package dev.dllm.decode;

/// Turns proposals into edits: which positions are committed, and which committed ones are revised.
///
/// Rules are immutable and thread-safe; a [State] belongs to one sequence.
public sealed interface Unmasking permits Schedule, Threshold, Editing {

    /// Starts remembering for one sequence.
    State start();

    /// How long a block goes on under this rule, if the user allots `steps` calls to it.
    Pacing pacing(int steps);

    /// What a rule remembers about one sequence. Not thread-safe.
    interface State {

        /// Whether the rule asks for the logits of this position of the active span.
        boolean wants(Canvas canvas, int position);

        /// Decides what this call writes.
        ///
        /// @param candidates a proposal for each position that was wanted
        /// @param progress   of the active block, this call not counted
        /// @param edits      empty; receives the decision
        void decide(Canvas canvas, Candidates candidates, BlockProgress progress, Edits edits);
    }

    /// The name and arguments that [UnmaskingRules#parse] reads.
    @Override
    String toString();
}
