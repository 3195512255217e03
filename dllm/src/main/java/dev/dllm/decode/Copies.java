package dev.dllm.decode;

import java.util.List;

/// Rows that a rule asks for besides those of the canvas: positions once more, with tokens of their own. Their keys and values
/// stand behind the canvas in the table and are forgotten after the call; no row of the canvas sees them.
public sealed interface Copies {

    /// Canvases that are tried out instead of the one that stands. Every row of the call that sees the span is computed for
    /// each draft, and sees the rows of its draft in the place of the canvas's. Rows that do not see the span are computed once.
    ///
    /// @param span   where drafts differ from the canvas. Positions of it that the call would not have computed are
    /// @param tokens of the span, for each draft, 1 or more; owned, not copied
    /// @see "FreeDave, arXiv:2510.00294"
    record Drafts(Span span, List<int[]> tokens) implements Copies {}

    /// Texts that may stand from a position on, where the call computes nothing of the canvas. Each sees what is before the position.
    /// For attention with a causal context alone.
    ///
    /// @param start of all of them
    /// @param texts if there are none, what stands at the start is all that is predicted; owned, not copied
    record Continuations(int start, List<Continuation> texts) implements Copies {}

    /// A text whose first tokens are read: they see nothing behind themselves. The others see all of it, and alone predict what the
    /// model's rows predict; if there are none, each token that is read predicts the next.
    ///
    /// @param tokens of the text
    /// @param read   how many of them are read
    record Continuation(int[] tokens, int read) {}

    /// Masks in the place of every token of the span. Each sees all that the row of its position sees but that row itself, and
    /// the other masks: what the model says of a position without its token.
    ///
    /// @param judged ascending positions of the span whose standing token is judged by its mask; owned, not copied
    /// @see "WINO, arXiv:2507.18578"
    record Shadow(Span span, int[] judged) implements Copies {}
}
