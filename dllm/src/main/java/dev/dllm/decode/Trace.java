package dev.dllm.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Records what every call of one run changed, in the form of the golden sets: an entry per call, its changes ascending by
/// position. Not thread-safe.
public final class Trace implements DecodeListener {
    private final List<List<Change>> calls = new ArrayList<>();
    private final Map<Resized, int[]> resized = new HashMap<>();

    /// One position that holds another token than before.
    ///
    /// @param sequence index in the batch
    public record Change(int sequence, int position, int token) {}

    private record Resized(int sequence, int call) {}

    /// The whole canvas behind a call that changed its length; then its entry holds no change of this sequence.
    public Optional<int[]> resized(int sequence, int call) {
        return Optional.ofNullable(resized.get(new Resized(sequence, call)));
    }

    /// An entry per call so far.
    public List<List<Change>> calls() {
        return calls;
    }

    /// Puts the calls of another run behind these. Its canvas began behind some tokens of this run's text.
    ///
    /// @param before these tokens
    public void append(Trace other, int[] before) {
        int first = calls.size();
        other.calls.forEach(changes -> calls.add(new ArrayList<>(changes.stream()
                .map(change -> new Change(change.sequence(), before.length + change.position(), change.token()))
                .toList())));
        other.resized.forEach((at, canvas) -> resized.put(
                new Resized(at.sequence(), first + at.call()),
                IntStream.concat(IntStream.of(before), IntStream.of(canvas)).toArray()));
    }

    @Override
    public void called(int sequence, int call, Canvas canvas, Edits edits) {
        while (calls.size() <= call) {
            calls.add(new ArrayList<>());
        }
        if (edits.rebuilt() != null) {
            resized.put(new Resized(sequence, call), canvas.copy(0, canvas.length()));
        }
        for (int i = 0; i < edits.size(); i++) {
            calls.get(call).add(new Change(sequence, edits.position(i), edits.token(i)));
        }
    }

    /// What was written without a call belongs to the call before.
    @Override
    public void filled(int sequence, int call, Canvas canvas, Edits edits) {
        for (int i = 0; i < edits.size(); i++) {
            calls.get(call).add(new Change(sequence, edits.position(i), edits.token(i)));
        }
        calls.get(call).sort(Comparator.comparingInt(Change::sequence).thenComparingInt(Change::position));
    }
}
