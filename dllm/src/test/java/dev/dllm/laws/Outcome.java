package dev.dllm.laws;

import dev.dllm.decode.FinishReason;
import java.util.List;

/// All that can be seen of the run of one sequence. Two runs are the same if their outcomes are equal.
///
/// @param ids               the generated text
/// @param masks             of the canvas before the first call
/// @param positionsComputed as the runtime counts them
/// @param calls             in order, steps that took the logits of the one before included
record Outcome(List<Integer> ids, int masks, long positionsComputed, FinishReason finishReason, List<Call> calls) {

    /// One network call, or one that was spared.
    ///
    /// @param rows   positions computed, those of copies included, for each view of the canvas; no view if the call was spared
    /// @param logits a hash of all their bits
    /// @param canvas every token once the call has been applied, and what was filled in behind it
    /// @param commit what it changed
    /// @param stale  slots seen that hold keys and values of another token than stands there now
    record Call(List<List<Integer>> rows, int logits, List<Integer> canvas, Commit commit, int stale) {

        /// Whether the step took the logits of the one before.
        boolean spared() {
            return rows.isEmpty();
        }
    }

    /// What a call changed.
    ///
    /// @param decided masks that became tokens
    /// @param masked  tokens that became masks
    /// @param revised tokens that became others
    /// @param resized whether the canvas has another length; then nothing is counted
    record Commit(int decided, int masked, int revised, boolean resized) {
        static final Commit NOTHING = new Commit(0, 0, 0, false);

        Commit and(Commit other) {
            return new Commit(decided + other.decided, masked + other.masked, revised + other.revised, resized || other.resized);
        }
    }

    /// Calls that were not spared.
    int networkCalls() {
        return (int) calls.stream().filter(call -> !call.spared()).count();
    }

    /// The canvas behind every call that changed it: runs with the same ones differ in calls that write nothing alone.
    List<List<Integer>> changedCanvases() {
        return calls.stream()
                .filter(call -> !call.commit().equals(Commit.NOTHING))
                .map(Call::canvas)
                .toList();
    }

    /// The logits of the calls that changed the canvas.
    List<Integer> changingLogits() {
        return calls.stream().filter(call -> !call.commit().equals(Commit.NOTHING)).map(Call::logits).toList();
    }

    /// The canvas at the end.
    List<Integer> canvas() {
        return calls.getLast().canvas();
    }

    /// All changes together.
    Commit commits() {
        return calls.stream().map(Call::commit).reduce(Commit.NOTHING, Commit::and);
    }
}
