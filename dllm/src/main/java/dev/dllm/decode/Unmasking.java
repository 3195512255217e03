package dev.dllm.decode;

import dev.dllm.model.ModelSpec;

/// Turns proposals into edits: which positions are committed, and which committed ones are revised.
///
/// Rules are immutable and thread-safe; a [State] belongs to one sequence.
public interface Unmasking {

    /// The same rule with the token ids that it needs, for rules that need any besides the mask.
    ///
    /// @throws IllegalArgumentException if the model lacks them
    default Unmasking forModel(ModelSpec model) {
        return this;
    }

    /// The most generated positions that a canvas may come to hold.
    ///
    /// @param genLength that it starts with
    default int longest(int genLength) {
        return genLength;
    }

    /// Starts remembering for one sequence.
    State start();

    /// How long a span goes on under this rule unless the settings say otherwise.
    Pacing pacing();

    /// Whether the rule knows what a call decodes before the model is asked ([State#next]).
    default boolean knowsOrder() {
        return false;
    }

    /// What a rule remembers about one sequence. Not thread-safe.
    interface State {
        /// No ids.
        int[] NONE = {};

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

        /// The positions that the next call decodes, in the order of the rule, if it does not depend on what the model says;
        /// else nothing.
        ///
        /// @param call of the run, from 0
        default int[] next(Canvas canvas, BlockProgress progress, int call, Randomness randomness) {
            return NONE;
        }

        /// Ids that the next call must not propose.
        default int[] forbidden(Canvas canvas) {
            return NONE;
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
