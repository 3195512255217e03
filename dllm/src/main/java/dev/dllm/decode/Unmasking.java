package dev.dllm.decode;

import dev.dllm.model.CausalModel;
import dev.dllm.model.ModelSpec;
import java.util.Optional;

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

    /// Whether the rule draws, so that a seed makes a difference to what it decides.
    default boolean draws() {
        return false;
    }

    /// The most masks that a call proposes something for, from the first one on.
    default int lookahead() {
        return DecodeSettings.WHOLE;
    }

    /// The most rows that a call computes besides those that are planned, or instead of them ([State#copies]).
    ///
    /// @param planned rows of the call
    /// @param span    positions of the active span
    default int copiedRows(int planned, int span) {
        return 0;
    }

    /// Whether calls compute blocks behind the active one too ([State#reach]).
    default boolean reachesAhead() {
        return false;
    }

    /// Whether the rule may ask for proposals outside the active span ([State#wants]).
    default boolean looksBeyondSpan() {
        return reachesAhead();
    }

    /// Bytes that a verifier keeps of a text.
    ///
    /// @param positions of the text
    default long verifierBytes(int positions) {
        return 0;
    }

    /// Starts remembering for one sequence.
    State start();

    /// How long a span goes on under this rule unless the settings say otherwise.
    Pacing pacing();

    /// Whether the rule knows what a call decodes before the model is asked ([State#next]).
    default boolean knowsOrder() {
        return false;
    }

    /// Whether the rule is shown what a call proposes that the cache policy makes before a block ([State#opened]).
    default boolean watchesOpening() {
        return false;
    }

    /// Whether all that the rule writes is what the call proposes for the position, and masks.
    default boolean writesProposalsOnly() {
        return true;
    }

    /// Checks that the rule makes sense with everything else.
    ///
    /// @param shifted whether the row of position i predicts position i + 1
    /// @throws IllegalArgumentException if it does not
    default void requireFits(DecodeSettings settings, boolean shifted) {}

    /// Whether a second, causal model judges what the first one proposes. Such a rule does not start without one.
    default boolean needsVerifier() {
        return false;
    }

    /// The same rule with a model that judges. For rules without one: the rule itself.
    default Unmasking withVerifier(CausalModel verifier) {
        return this;
    }

    /// What a rule remembers about one sequence. Not thread-safe.
    interface State extends AutoCloseable {
        /// No ids.
        int[] NONE = {};

        /// Frees what it holds besides Java's memory. Idempotent.
        @Override
        default void close() {}

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

        /// Where the next call begins to decode: of the block, what stands before is final. At most the position before the block.
        default int active(Canvas canvas, Span block) {
            return block.start();
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

        /// Told what the cache policy's call before a block proposes. It writes nothing but what the policy commits.
        ///
        /// @param step without what the policy commits
        default void opened(Step step) {}

        /// Where the last block ends that the rule works on in the next call: blocks behind the active one are computed up to it.
        ///
        /// @param block the active one
        default int reach(Canvas canvas, Span block) {
            return block.end();
        }

        /// Rows that the next call computes besides those of the canvas, or instead of them.
        ///
        /// @param span the active one
        default Optional<Copies> copies(Canvas canvas, Span span) {
            return Optional.empty();
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

    /// The state of a rule that judges what stands in the span too, not only its masks.
    interface Revising extends State {
        @Override
        default boolean wants(Canvas canvas, Span span, int position) {
            return span.contains(position) && !canvas.isFixed(position);
        }
    }

    /// The name and arguments that [UnmaskingRules#parse] reads.
    @Override
    String toString();
}
