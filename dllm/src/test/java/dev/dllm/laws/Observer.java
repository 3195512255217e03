package dev.dllm.laws;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.BlockSchedule;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeListener;
import dev.dllm.decode.Decoding;
import dev.dllm.decode.Edits;
import dev.dllm.decode.Guided;
import dev.dllm.decode.Unmasking;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.KvCache;
import dev.dllm.model.Network;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Stands between the denoising loop and the network, and checks on the way what holds for every call of every run: the rows
/// as [Table] says, that what is reported of a call is all that has changed, that given text never does (J20), and that no call is
/// spared whose canvas is new.
final class Observer implements Network, DecodeListener {
    /// Far beyond any run here: a run that gets there does not end.
    private static final int MOST_CALLS = 300;

    private final Network network;
    private final Backend backend;
    private final int layers;
    private final int maskId;
    private final Map<KvCache, View> views = new IdentityHashMap<>();
    private final List<Sequence> sequences = new ArrayList<>();

    /// A table, and which view of the canvas it belongs to.
    private record View(Sequence sequence, boolean unconditional, Table table) {}

    /// What has been seen of one sequence.
    private static final class Sequence {
        final int[] given;
        final AttentionPattern pattern;
        final boolean reusesLogits;
        final boolean movesText;
        int[] canvas;
        boolean[] fixed;
        final List<Outcome.Call> calls = new ArrayList<>();
        final List<List<Integer>> rows = new ArrayList<>();
        int stale;
        int logits;

        Sequence(Request request, int[] canvas) {
            this.canvas = canvas;
            given = IntStream.concat(Arrays.stream(request.prompt()), Arrays.stream(request.template().textIds())).toArray();
            pattern = request.settings().attention()
                    .anchoredAt(BlockSchedule.of(request.settings(), request.prompt().length).offset());
            reusesLogits = request.settings().reuseLogits();
            movesText = movesText(request.settings().unmasking());
            fixed = new boolean[canvas.length];
            int behind = canvas.length - request.prompt().length - request.template().length();
            for (int i = 0; i < canvas.length; i++) {
                int at = i - request.prompt().length;
                // What the canvas holds beyond the template stands at the end of the last hole.
                int before = request.template().openEnd();
                fixed[i] = at < 0 || (at < before ? !request.template().isOpen(at) : at >= before + behind);
            }
        }

        /// Rules that insert and drop positions may move text even if the canvas keeps its length. A verifier writes tokens of its own,
        /// but in their places.
        private static boolean movesText(Unmasking rule) {
            return !rule.writesProposalsOnly() && !(rule instanceof Guided);
        }
    }

    Observer(Network network, Backend backend, int layers, int maskId) {
        this.network = network;
        this.backend = backend;
        this.layers = layers;
        this.maskId = maskId;
    }

    /// Watches one more sequence.
    void add(Request request, Decoding decoding, List<KvCache> tables) {
        Sequence sequence = new Sequence(request, decoding.wholeCanvas());
        sequences.add(sequence);
        for (int i = 0; i < tables.size(); i++) {
            views.put(tables.get(i), new View(sequence, i > 0, new Table(layers)));
        }
    }

    /// What came out of the run of one of the sequences.
    Outcome outcome(int index, int masks, Decoding decoding) {
        Sequence sequence = sequences.get(index);
        long rows = sequence.calls.stream().flatMap(call -> call.rows().stream()).mapToLong(List::size).sum();
        assertEquals(rows, decoding.positionsComputed(), "positions computed (J11)");
        assertArrayEquals(sequence.canvas, decoding.wholeCanvas(), "the canvas is what has been reported");
        Outcome outcome = new Outcome(list(decoding.output()), masks, rows, decoding.finishReason(), List.copyOf(sequence.calls));
        assertEquals(outcome.networkCalls(), decoding.calls(), "network calls");
        return outcome;
    }

    @Override
    public Tensor forward(List<SequenceForward> batch, Workspace workspace) {
        List<SequenceForward> watched = new ArrayList<>();
        for (SequenceForward asked : batch) {
            View view = views.get(asked.cache());
            Sequence sequence = view.sequence;
            int[] canvas = view.unconditional ? unconditional(sequence) : sequence.canvas;
            watched.add(view.table.watched(asked, canvas, sequence.pattern));
            sequence.rows.add(list(asked.plan().positions()));
            sequence.stale += view.table.stale(asked, canvas);
        }
        Tensor logits = network.forward(watched, workspace);
        int row = 0;
        for (SequenceForward asked : batch) {
            int end = row + asked.plan().logitsRows().length;
            Sequence sequence = views.get(asked.cache()).sequence;
            sequence.logits = 31 * sequence.logits + Arrays.deepHashCode(backend.rows(logits.rows(row, end)));
            row = end;
        }
        return logits;
    }

    private int[] unconditional(Sequence sequence) {
        return IntStream.range(0, sequence.canvas.length).map(i -> sequence.fixed[i] ? maskId : sequence.canvas[i]).toArray();
    }

    @Override
    public void called(int index, int call, Canvas canvas, Edits edits) {
        Sequence sequence = sequences.get(index);
        assertEquals(sequence.calls.size(), call, "number of the call");
        assertTrue(call < MOST_CALLS, () -> "the run does not end");
        assertTrue(!sequence.rows.isEmpty() || maySpare(sequence), () -> "a call is spared that has not been answered");
        Outcome.Commit commit = written(sequence, canvas, edits);
        sequence.calls.add(new Outcome.Call(List.copyOf(sequence.rows), sequence.logits, list(sequence.canvas), commit, sequence.stale));
        sequence.rows.clear();
        sequence.stale = 0;
        sequence.logits = 0;
    }

    /// Whether the network has been asked about the canvas as it stands.
    private static boolean maySpare(Sequence sequence) {
        return sequence.reusesLogits && !sequence.calls.isEmpty()
                && sequence.calls.getLast().commit().equals(Outcome.Commit.NOTHING);
    }

    @Override
    public void filled(int index, int call, Canvas canvas, Edits edits) {
        Sequence sequence = sequences.get(index);
        Outcome.Call last = sequence.calls.removeLast();
        Outcome.Commit commit = written(sequence, canvas, edits);
        sequence.calls.add(new Outcome.Call(last.rows(), last.logits(), list(sequence.canvas), last.commit().and(commit), last.stale()));
    }

    /// Writes what is reported, and checks it.
    private Outcome.Commit written(Sequence sequence, Canvas canvas, Edits edits) {
        boolean resized = canvas.length() != sequence.canvas.length;
        int decided = 0;
        int masked = 0;
        int revised = 0;
        if (resized) {
            sequence.canvas = canvas.copy(0, canvas.length());
            views.values().stream().filter(view -> view.sequence == sequence).forEach(view -> view.table.clear());
        }
        for (int i = 0; i < edits.size(); i++) {
            int before = sequence.canvas[edits.position(i)];
            assertTrue(before != edits.token(i), () -> "an edit that changes nothing");
            decided += before == maskId ? 1 : 0;
            masked += edits.token(i) == maskId ? 1 : 0;
            revised += before != maskId && edits.token(i) != maskId ? 1 : 0;
            sequence.canvas[edits.position(i)] = edits.token(i);
        }
        assertArrayEquals(canvas.copy(0, canvas.length()), sequence.canvas, "what is reported is all that has changed");
        boolean[] fixed = new boolean[canvas.length()];
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = canvas.isFixed(i);
        }
        int[] given = IntStream.range(0, fixed.length).filter(i -> fixed[i]).map(canvas::token).toArray();
        assertArrayEquals(sequence.given, given, "given text (J20)");
        assertTrue(sequence.movesText || Arrays.equals(sequence.fixed, fixed), () -> "given text has moved (J20)");
        sequence.fixed = fixed;
        return new Outcome.Commit(decided, masked, revised, resized);
    }

    static List<Integer> list(int[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
