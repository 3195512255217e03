package dev.dllm.decode;

/// Watches the denoising of a batch. Called on the thread that runs it, between calls; what it is given is valid only
/// during the call. An exception from it ends the run.
public interface DecodeListener {

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
