package dev.dllm.runtime.contract;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.ProposalSpec.FilterOrder;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.contract.Operands.WeightPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// Calls of every op with the same number of rows.
final class OpCalls {
    /// So many unsure ids that the largest logit of some row is among them.
    private static final int[] MANY = IntStream.range(40, 150).toArray();

    private final Operands operands;
    private final int rows;
    private final int size;
    private final List<OpCall> calls = new ArrayList<>();

    /// @param rows 3 or more
    /// @param size factor on the widths; 1 is small
    OpCalls(Operands operands, List<DType> weightTypes, int rows, int size) {
        this.operands = operands;
        this.rows = rows;
        this.size = size;
        for (DType dtype : weightTypes) {
            for (boolean packed : new boolean[] {false, true}) {
                linear(dtype, packed);
                experts(dtype, packed);
            }
        }
        norms();
        rope();
        attention();
        elementwise();
        copies();
        route("LLaDA2", 32, true, new RouterSpec(Scoring.SIGMOID, 6, 8, 4, true, 2.5f));
        route("LLaDA-MoE", 48, false, new RouterSpec(Scoring.SOFTMAX, 8, 1, 1, false, 1));
        route("LLaDA2.2", 32, true, new RouterSpec(Scoring.SIGMOID, 6, 1, 1, true, 2.5f, 12));
        propose("greedy", ProposalSpec.greedy(3));
        propose("sampled", ProposeCase.sampled(0.7f, ConfidenceFrom.RAW, 3));
        propose("filtered", filtered(Draw.SAMPLE));
        propose("given", filtered(Draw.GIVEN, 0, 5, 70));
        propose("unsure", new ProposalSpec(
                0.7f, 0, 1, FilterOrder.TOP_K_FIRST, ConfidenceFrom.RAW, Draw.ARGMAX, new int[] {3}, MANY));
    }

    List<OpCall> all() {
        return calls;
    }

    private void linear(DType dtype, boolean packed) {
        Operand out = operands.destination(rows, 58 * size);
        Operand x = input(45 * size);
        WeightPair weight = operands.weight(dtype, 58 * size, 45 * size, true, packed);
        Operand bias = operands.source(1, 58 * size);
        add("linear " + dtype + (packed ? " packed" : ""), List.of(out), (from, to) -> {
            Tensor o = out.subject().rows(from, to);
            Tensor i = x.subject().rows(from, to);
            Tensor b = bias.subject();
            return ops -> ops.linear(o, i, weight.subject(), b);
        });
    }

    private void experts(DType dtype, boolean packed) {
        int h = 21 * size;
        Operand out = operands.destination(rows, h);
        Operand x = input(h);
        Operand ids = operands.source(DType.I32, rows, 2, (_, _) -> operands.below(5));
        Operand gates = operands.source(rows, 2);
        ExpertsCase weights = ExpertsCase.of(operands, 5, h, 13 * size, _ -> dtype, true, packed);
        add("experts " + dtype + (packed ? " packed" : ""), List.of(out), (from, to) -> {
            Tensor o = out.subject().rows(from, to);
            Tensor i = x.subject().rows(from, to);
            Tensor e = ids.subject().rows(from, to);
            Tensor g = gates.subject().rows(from, to);
            return ops -> ops.experts(o, i, e, g, weights.subject());
        });
    }

    private void norms() {
        Operand out = operands.destination(rows, 3 * 37 * size);
        Operand x = input(3 * 37 * size);
        Operand weight = operands.source(DType.BF16, 1, 37 * size);
        add("rmsNorm", List.of(out), (from, to) -> {
            Tensor o = out.subject().rows(from, to);
            Tensor i = x.subject().rows(from, to);
            Tensor w = weight.subject();
            return ops -> ops.rmsNorm(o, i, w, 1e-6f);
        });
        Operand sum = operands.destination(rows, 37 * size);
        Operand residual = operands.inPlace(rows, 37 * size);
        Operand addend = input(37 * size);
        add("addRmsNorm", List.of(sum, residual), (from, to) -> {
            Tensor o = sum.subject().rows(from, to);
            Tensor r = residual.subject().rows(from, to);
            Tensor i = addend.subject().rows(from, to);
            Tensor w = weight.subject();
            return ops -> ops.addRmsNorm(o, r, i, w, 1e-6f);
        });
    }

    private void rope() {
        Operand x = operands.inPlace(rows, 3 * 20);
        Operand angles = operands.source(rows, 18);
        add("rope", List.of(x), (from, to) -> {
            Tensor v = x.subject().rows(from, to);
            Tensor a = angles.subject().rows(from, to);
            return ops -> ops.rope(v, 20, a);
        });
    }

    /// Two sequences; the rows are halved between them.
    private void attention() {
        int half = rows / 2;
        int slots = 70 * size;
        List<KeyGroup> groups = List.of(
                new KeyGroup(0, half, 0, new int[] {0, slots}),
                new KeyGroup(half, rows - half, 1, new int[] {1, 3, 9, slots / 2}));
        AttentionCase shape = new AttentionCase(4, 2, 20, new int[] {slots, slots}, groups);
        AttentionCase.Run run = shape.on(
                operands, 0.2f, (i, _) -> i == 1 ? Float.NaN : operands.uniform(), (_, _) -> operands.uniform());
        add("attention", List.of(run.out()), (from, to) -> {
            Tensor o = run.out().subject().rows(from, to);
            Tensor q = run.q().subject().rows(from, to);
            List<KeyGroup> part = part(groups, from, to);
            return ops -> ops.attention(o, q, 20, run.subject(), part, 0.2f);
        });
    }

    /// The groups of rows `[from, to)`, counted from `from`.
    private static List<KeyGroup> part(List<KeyGroup> groups, int from, int to) {
        List<KeyGroup> part = new ArrayList<>();
        for (KeyGroup group : groups) {
            int first = Math.max(from, group.firstRow());
            int end = Math.min(to, group.firstRow() + group.rowCount());
            if (first < end) {
                part.add(new KeyGroup(first - from, end - first, group.sequence(), group.ranges()));
            }
        }
        return part;
    }

    private void elementwise() {
        Operand out = operands.destination(rows, 43 * size);
        Operand a = input(43 * size);
        Operand b = input(43 * size);
        add("swiglu", List.of(out), (from, to) -> {
            Tensor o = out.subject().rows(from, to);
            Tensor x = a.subject().rows(from, to);
            Tensor y = b.subject().rows(from, to);
            return ops -> ops.swiglu(o, x, y);
        });
        Operand guided = operands.destination(rows, 43 * size);
        add("guide", List.of(guided), (from, to) -> {
            Tensor o = guided.subject().rows(from, to);
            Tensor x = a.subject().rows(from, to);
            Tensor y = b.subject().rows(from, to);
            return ops -> ops.guide(o, x, y, 0.7f);
        });
        Operand sum = operands.destination(rows, 43 * size);
        add("add", List.of(sum), (from, to) -> {
            Tensor o = sum.subject().rows(from, to);
            Tensor x = a.subject().rows(from, to);
            Tensor y = b.subject().rows(from, to);
            return ops -> ops.add(o, x, y);
        });
    }

    private void copies() {
        Operand table = operands.source(DType.F16, 30, 27 * size);
        Operand embedded = operands.destination(rows, 27 * size);
        Indices ids = indices(i -> i * 11 % 30);
        add("embed", List.of(embedded), (from, to) -> {
            Tensor o = embedded.subject().rows(from, to);
            Indices part = ids.slice(from, to);
            Tensor t = table.subject();
            return ops -> ops.embed(o, t, part);
        });
        Operand expected = operands.destination(rows, 27 * size);
        Operand logits = input(30);
        add("embedExpected", List.of(expected), (from, to) -> {
            Tensor o = expected.subject().rows(from, to);
            Tensor l = logits.subject().rows(from, to);
            Tensor t = table.subject();
            return ops -> ops.embedExpected(o, t, l, 0.7f);
        });
        Operand src = operands.source(30, 27 * size);
        Operand gathered = operands.destination(rows, 27 * size);
        add("gatherRows", List.of(gathered), (from, to) -> {
            Tensor o = gathered.subject().rows(from, to);
            Indices part = ids.slice(from, to);
            Tensor s = src.subject();
            return ops -> ops.gatherRows(o, s, part);
        });
        Operand few = operands.source(rows, 27 * size);
        Operand scattered = operands.destination(rows, 27 * size);
        Indices places = indices(i -> i);
        add("scatterRows", List.of(scattered), (from, to) -> {
            Tensor s = few.subject().rows(from, to);
            Indices part = places.slice(from, to);
            Tensor o = scattered.subject();
            return ops -> ops.scatterRows(o, s, part);
        });
    }

    /// Each row is a routing block, so that the laws about rows hold for it.
    private void route(String form, int experts, boolean biased, RouterSpec spec) {
        Operand ids = operands.destination(DType.I32, rows, spec.topK());
        Operand gates = operands.destination(rows, spec.topK());
        Operand logits = operands.source(rows, experts);
        Operand bias = operands.source(1, experts);
        Indices blocks = indices(i -> i);
        add("route " + form, List.of(ids, gates), (from, to) -> {
            Tensor e = ids.subject().rows(from, to);
            Tensor g = gates.subject().rows(from, to);
            Tensor l = logits.subject().rows(from, to);
            Tensor b = biased ? bias.subject() : null;
            Indices part = blocks.slice(0, to - from);
            return ops -> ops.route(e, g, l, b, spec, part);
        });
    }

    private static ProposalSpec filtered(Draw draw, int... unsure) {
        return new ProposalSpec(
                0.7f, 9, 0.9f, FilterOrder.TOP_P_FIRST, ConfidenceFrom.FILTERED, draw, new int[] {3}, unsure);
    }

    /// What is proposed for rows `[from, to)` starts at entry 0, so it is copied to where [OpCall#row] looks for it.
    private void propose(String kind, ProposalSpec spec) {
        Operand logits = input(190 * size);
        long[] keys = ProposeCase.keys(rows);
        float[][] results = new float[rows][4];
        calls.add(new OpCall() {
            @Override
            public String name() {
                return "propose " + kind;
            }

            @Override
            public Consumer<Ops> on(int from, int to) {
                Tensor l = logits.subject().rows(from, to);
                long[] part = Arrays.copyOfRange(keys, from, to);
                Proposals out = new Proposals(to - from);
                Arrays.setAll(out.tokens, i -> 11 * (from + i) % 190);
                return ops -> {
                    ops.propose(out, l, spec, part);
                    for (int i = 0; i < to - from; i++) {
                        results[from + i][0] = Float.isNaN(out.probability[i]) ? 0 : out.tokens[i];
                        results[from + i][1] = out.probability[i];
                        results[from + i][2] = out.margin[i];
                        results[from + i][3] = out.negativeEntropy[i];
                    }
                };
            }

            @Override
            public float[] row(int i) {
                return results[i].clone();
            }
        });
    }

    /// Random rows, the second one NaN.
    private Operand input(int cols) {
        return operands.source(DType.F32, rows, cols, (i, _) -> i == 1 ? Float.NaN : operands.uniform());
    }

    private Indices indices(IntUnaryOperator entry) {
        return Indices.of(IntStream.range(0, rows).map(entry).toArray());
    }

    private void add(String name, List<Operand> written, BiFunction<Integer, Integer, Consumer<Ops>> prepare) {
        calls.add(new OpCall() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Consumer<Ops> on(int from, int to) {
                return prepare.apply(from, to);
            }

            @Override
            public float[] row(int i) {
                return OpCall.row(written, i);
            }
        });
    }
}
