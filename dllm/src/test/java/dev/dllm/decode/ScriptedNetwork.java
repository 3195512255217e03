package dev.dllm.decode;

import dev.dllm.model.Network;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A network whose logits are a function of the canvas and the position, so that a run can be worked out by hand.
public final class ScriptedNetwork implements Network {
    private final int vocabulary;
    private final Script script;

    private int[] canvas = {};

    /// What every call was asked to compute, as text: `[0..3)+[4..8) for [5, 6]`, positions computed and rows wanted; copies as
    /// `[0..8) for [6], 4 copied for [5]`.
    public final List<String> calls = new ArrayList<>();

    /// What the rows of every call see, as text: `0-3:[0, 4] 4-7:[0, 8]`, positions and slot ranges.
    public final List<String> visible = new ArrayList<>();

    /// Says what the network proposes.
    public interface Script {
        /// @param call     number of the call, from 0
        /// @param tokens   of the canvas, or of the draft that a copied row belongs to
        /// @param position whose logits are wanted
        Answer answer(int call, int[] tokens, int position);
    }

    /// Logits that give `token` this probability; the rest is spread evenly.
    public record Answer(int token, double probability) {}

    public ScriptedNetwork(int vocabulary, Script script) {
        this.vocabulary = vocabulary;
        this.script = script;
    }

    @Override
    public Tensor forward(List<SequenceForward> batch, Workspace workspace) {
        workspace.reset();
        int rows = batch.stream().mapToInt(s -> s.plan().logitsRows().length).sum();
        Tensor logits = workspace.f32(rows, vocabulary);
        int row = 0;
        for (SequenceForward sequence : batch) {
            int[] positions = sequence.plan().positions();
            int[] slots = sequence.plan().slots();
            List<Integer> wanted = new ArrayList<>();
            List<Integer> wantedOfCopies = new ArrayList<>();
            remember(positions, slots, sequence.tokens());
            for (int logitsRow : sequence.plan().logitsRows()) {
                int position = positions[logitsRow];
                boolean copied = slots[logitsRow] != position;
                (copied ? wantedOfCopies : wanted).add(position);
                Answer answer = script.answer(calls.size(), copied ? draft(sequence, logitsRow) : canvas, position);
                double other = (1 - answer.probability()) / (vocabulary - 1);
                for (int token = 0; token < vocabulary; token++) {
                    double p = token == answer.token() ? answer.probability() : other;
                    logits.set(row, token, (float) Math.log(p));
                }
                row++;
            }
            visible.add(String.join(
                    " ",
                    sequence.plan().groups().stream()
                            .map(group -> positions[group.firstRow()] + "-"
                                    + positions[group.firstRow() + group.rowCount() - 1] + ":"
                                    + Arrays.toString(group.ranges()))
                            .toList()));
            int[] own = IntStream.range(0, slots.length).filter(i -> slots[i] == positions[i]).map(i -> positions[i]).toArray();
            calls.add((own.length == 0 ? "" : ranges(own) + " for " + wanted)
                    + (own.length == 0 || own.length == slots.length ? "" : ", ")
                    + (own.length == slots.length ? "" : slots.length - own.length + " copied for " + wantedOfCopies));
        }
        return logits;
    }

    /// Keeps the canvas as far as this call and earlier ones show it.
    private void remember(int[] positions, int[] slots, int[] tokens) {
        canvas = Arrays.copyOf(canvas, Math.max(canvas.length, Arrays.stream(positions).max().orElse(0) + 1));
        for (int row = 0; row < positions.length; row++) {
            if (slots[row] == positions[row]) {
                canvas[positions[row]] = tokens[row];
            }
        }
    }

    /// The canvas with the tokens of the copied rows that a row sees.
    private int[] draft(SequenceForward sequence, int seeing) {
        int[] tokens = canvas.clone();
        int[] slots = sequence.plan().slots();
        int[] ranges = sequence.plan().groups().stream()
                .filter(group -> seeing >= group.firstRow() && seeing < group.firstRow() + group.rowCount())
                .findFirst()
                .orElseThrow()
                .ranges();
        for (int row = 0; row < slots.length; row++) {
            int position = sequence.plan().positions()[row];
            for (int i = 0; i < ranges.length && slots[row] != position; i += 2) {
                if (slots[row] >= ranges[i] && slots[row] < ranges[i + 1]) {
                    tokens[position] = sequence.tokens()[row];
                }
            }
        }
        return tokens;
    }

    private static String ranges(int[] positions) {
        StringBuilder text = new StringBuilder();
        int first = 0;
        for (int i = 1; i <= positions.length; i++) {
            if (i == positions.length || positions[i] != positions[i - 1] + 1) {
                text.append(text.isEmpty() ? "" : "+").append('[').append(positions[first]).append("..")
                        .append(positions[i - 1] + 1).append(')');
                first = i;
            }
        }
        return text.toString();
    }
}
