package dev.dllm.decode;

import dev.dllm.model.SequenceForward;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What one sequence asks the network in its next call.
///
/// @param purpose   what the answer is for
/// @param copies    rows besides those of the canvas, or instead of them
/// @param predicted positions that the logits of the canvas's rows predict, then those of each copy
/// @param decided   positions that the call may decide: those of the canvas's rows, unless the cache policy guesses at what was left
///                  out
/// @param forwards  of each view of the canvas that is evaluated; the first one sees the prompt
record PlannedCall(
        Purpose purpose, Optional<Copies> copies, List<int[]> predicted, int[] decided, List<SequenceForward> forwards) {

    /// What a call is for.
    sealed interface Purpose {

        /// The unmasking rule decides what is written.
        record Decide() implements Purpose {}

        /// A call of the cache policy's own, before or behind a block. At most one position is written.
        ///
        /// @param position that is written if a row of the call predicts it, -1 for none
        /// @param opens    whether it stands before the block, so that it is one of its calls if it writes
        /// @param watched  whether the rule is shown what the call proposes besides
        record Store(int position, boolean opens, boolean watched) implements Purpose {}
    }

    /// Whether a row of the canvas predicts the position.
    boolean predicts(int position) {
        return Arrays.stream(predicted.getFirst()).anyMatch(other -> other == position);
    }

    /// Whether drafts stand in the place of the canvas.
    boolean drafts() {
        return copies.isPresent() && copies.get() instanceof Copies.Drafts;
    }

    /// Rows that the network computes.
    int rows() {
        return forwards.stream().mapToInt(forward -> forward.tokens().length).sum();
    }

    /// Rows of logits that it returns.
    int logitsRows() {
        return forwards.size() * positions().length;
    }

    /// What each row of logits of one view predicts.
    int[] positions() {
        return predicted.stream().flatMapToInt(IntStream::of).toArray();
    }

    /// Whether logits that answer this call answer another one on the same canvas.
    boolean answers(PlannedCall other) {
        return purpose instanceof Purpose.Decide && other.purpose instanceof Purpose.Decide && copies.isEmpty() && other.copies.isEmpty()
                && forwards.size() == other.forwards.size() && Arrays.equals(positions(), other.positions());
    }
}
