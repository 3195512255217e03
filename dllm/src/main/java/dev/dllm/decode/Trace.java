package dev.dllm.decode;

import java.util.ArrayList;
import java.util.List;

/// Records what every call of one run changed, in the form of the golden sets: an entry per call, its changes ascending by
/// position. Not thread-safe.
public final class Trace implements DecodeListener {
    private final List<List<Change>> calls = new ArrayList<>();

    /// One position that holds another token than before.
    ///
    /// @param sequence index in the batch
    public record Change(int sequence, int position, int token) {}

    /// An entry per call so far.
    public List<List<Change>> calls() {
        return calls;
    }

    @Override
    public void called(int sequence, int call, Canvas canvas, Edits edits) {
        while (calls.size() <= call) {
            calls.add(new ArrayList<>());
        }
        for (int i = 0; i < edits.size(); i++) {
            calls.get(call).add(new Change(sequence, edits.position(i), edits.token(i)));
        }
    }
}
