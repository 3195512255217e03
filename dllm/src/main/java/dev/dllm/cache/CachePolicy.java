package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import java.util.Optional;

/// Answers two questions per call: which positions are computed, and which positions each of them may see. Logits are the
/// caller's business: it asks for rows of what is computed.
///
/// Policies are immutable and thread-safe; a [State] belongs to one sequence.
public interface CachePolicy {

    /// Starts remembering for one sequence.
    ///
    /// @param pattern of this sequence
    /// @param shifted whether the row of position i predicts position i + 1
    /// @throws IllegalArgumentException if the policy does not fit the model
    State start(AttentionPattern pattern, boolean shifted);

    /// Whether a call of its own that makes keys and values final also commits what its last row predicts, the position
    /// behind it. Only rows of shifted models predict such a position, and those that read a causal context.
    default boolean predictsNext() {
        return false;
    }

    /// Whether a call of its own before a block also commits the first position of the block. Only there it is
    /// predicted by a row that later calls may leave out.
    default boolean predictsFirst() {
        return predictsNext();
    }

    /// Whether calls on a block, but its first one, may compute drafts instead of the rows that are planned. Then these rows are not
    /// stored, and nothing may read them later.
    default boolean allowsDrafts() {
        return false;
    }

    /// Whether tokens are computed once more when they are final, where they see less then than while they were decoded.
    default boolean recomputesFinal() {
        return false;
    }

    /// Whether the policy asks which positions a call decodes before it is made ([Window#next]).
    default boolean needsOrder() {
        return false;
    }

    /// Whether layers leave rows out and add again what they added before, so that room is needed for it
    /// ([dev.dllm.model.LayerControl#leavesRowsOut]).
    default boolean leavesRowsOut() {
        return false;
    }

    /// Whether its plans decide something layer by layer ([dev.dllm.model.LayerControl]), for the rows of the canvas alone.
    default boolean decidesByLayer() {
        return false;
    }

    /// Whether the policy asks how sure the model is of every mask that a call computes ([State#proposed]).
    default boolean ranksMasks() {
        return false;
    }

    /// Whether the logits of a call depend on the canvas alone, not on what was stored when it was another one.
    default boolean isExact() {
        return false;
    }

    /// Whether a mask whose row is not computed is decided all the same, as if every token were as likely. For comparison
    /// with a reference only: it decides by token 0.
    default boolean guessesLeftOut() {
        return false;
    }

    /// What a policy remembers about one sequence: which stored keys and values are still true. Not thread-safe.
    interface State {

        /// A call of its own before the first one on a block, if the policy makes any.
        default Optional<ForwardPlan> opening(Window window) {
            return Optional.empty();
        }

        /// Plans the next call on the active span.
        ForwardPlan plan(Window window);

        /// Whether the span gets another call in any case: the last one only refreshed what is stored.
        default boolean unfinished() {
            return false;
        }

        /// A call of its own after the last one on a block, if the policy makes any.
        default Optional<ForwardPlan> closing(Window window) {
            return Optional.empty();
        }

        /// Told after every call of [#plan], before what it decides is written, if the policy ranks masks.
        ///
        /// @param positions  masks whose rows the call computed, ascending
        /// @param confidence of the proposal for each, greater is surer
        default void proposed(int[] positions, float[] confidence) {}

        /// Told after every call of [#plan], before the next plan.
        ///
        /// @param edited whether the call changed any token
        void applied(boolean edited);
    }

    /// The name and arguments that [CachePolicies#parse] reads.
    @Override
    String toString();
}
