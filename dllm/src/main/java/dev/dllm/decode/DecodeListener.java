package dev.dllm.decode;

/// Watches the denoising of a batch. Called on the thread that runs it, between network calls; what it is given is valid only
/// while it is told. An exception from it ends the run.
///
/// A call is also a step that took the logits of the one before ([DecodeSettings#reuseLogits]).
public interface DecodeListener {

    /// Whether [#proposed] is called. Then the proposals of every mask whose row is computed are made, not only of those that
    /// the unmasking rule asks for.
    default boolean watchesProposals() {
        return false;
    }

    /// What a network call proposes, before anything of it is written. Not told of calls that only store keys and values.
    ///
    /// @param sequence   index in the batch
    /// @param call       of this sequence, from 0
    /// @param canvas     before the edits
    /// @param candidates at least one for every mask whose row was computed
    default void proposed(int sequence, int call, Canvas canvas, Candidates candidates) {}

    /// A network call has been applied.
    ///
    /// @param sequence index in the batch
    /// @param call     of this sequence, from 0
    /// @param canvas   after the edits
    /// @param edits    positions that hold another token than before, ascending by position
    default void called(int sequence, int call, Canvas canvas, Edits edits) {}

    /// The run is over, and positions behind its text have been written without a call.
    ///
    /// @param call  the last one of this sequence
    /// @param edits positions that hold another token than before, ascending by position; may be empty
    default void filled(int sequence, int call, Canvas canvas, Edits edits) {}

    /// Generated positions `[from, to)` will not change any more. Consecutive calls continue each other from the end of the
    /// prompt; positions behind the end of the text are not reported.
    default void committed(int sequence, Canvas canvas, int from, int to) {}
}
