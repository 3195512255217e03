package dev.dllm.runtime;

import dev.dllm.runtime.RouterSpec.Scoring;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// A call of each op whose operands fit, so that a test can spoil one of them.
final class LegalCalls {

    /// Makes the call with a number of rows, its tensors from the given memory.
    interface Call extends BiFunction<TestMemory, Integer, Consumer<Ops>> {}

    /// Hands out tensors, each with an arena of its own.
    static final class TestMemory {
        private final List<Arena> arenas = new ArrayList<>();
        private final List<Boolean> written = new ArrayList<>();
        private final UnaryOperator<MemorySegment> nth;
        private final int index;

        /// Memory in which the segment of tensor `index` has gone through `nth`.
        TestMemory(int index, UnaryOperator<MemorySegment> nth) {
            this.index = index;
            this.nth = nth;
        }

        static TestMemory plain() {
            return new TestMemory(-1, UnaryOperator.identity());
        }

        Tensor in(DType dtype, int rows, int cols) {
            return tensor(dtype, rows, cols, false);
        }

        Tensor in(int rows, int cols) {
            return in(DType.F32, rows, cols);
        }

        Tensor out(int rows, int cols) {
            return tensor(DType.F32, rows, cols, true);
        }

        Tensor out(DType dtype, int rows, int cols) {
            return tensor(dtype, rows, cols, true);
        }

        int count() {
            return arenas.size();
        }

        boolean isWritten(int tensor) {
            return written.get(tensor);
        }

        void close(int tensor) {
            arenas.get(tensor).close();
        }

        private Tensor tensor(DType dtype, int rows, int cols, boolean out) {
            Arena arena = Arena.ofShared();
            MemorySegment segment = arena.allocate(Math.max(1, rows * dtype.bytes(cols)), 4);
            Tensor tensor = Tensor.of(dtype, rows, cols, arenas.size() == index ? nth.apply(segment) : segment);
            arenas.add(arena);
            written.add(out);
            return tensor;
        }
    }

    private LegalCalls() {}

    /// By the name of the method.
    static Map<String, Call> all() {
        Map<String, Call> calls = new TreeMap<>();
        calls.put("embed", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor table = t.in(DType.BF16, 9, 6);
            return ops -> ops.embed(out, table, upTo(r));
        });
        calls.put("embedExpected", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor table = t.in(DType.BF16, 9, 6);
            Tensor logits = t.in(r, 9);
            return ops -> ops.embedExpected(out, table, logits, 0.5f);
        });
        calls.put("linear", (t, r) -> {
            Tensor out = t.out(r, 5);
            Tensor x = t.in(r, 6);
            Weight w = Weight.of(t.in(DType.I8, 5, 6), t.in(1, 5));
            Tensor bias = t.in(1, 5);
            return ops -> ops.linear(out, x, w, bias);
        });
        calls.put("rmsNorm", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor x = t.in(r, 6);
            Tensor weight = t.in(DType.F16, 1, 3);
            return ops -> ops.rmsNorm(out, x, weight, 1e-6f);
        });
        calls.put("addRmsNorm", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor residual = t.out(r, 6);
            Tensor x = t.in(r, 6);
            Tensor weight = t.in(1, 6);
            return ops -> ops.addRmsNorm(out, residual, x, weight, 1e-6f);
        });
        calls.put("rope", (t, r) -> {
            Tensor x = t.out(r, 12);
            Tensor angles = t.in(r, 4);
            return ops -> ops.rope(x, 6, angles);
        });
        calls.put("attention", (t, r) -> {
            Tensor out = t.out(r, 12);
            Tensor q = t.in(r, 12);
            List<KeyValues> tables = List.of(new KeyValues(t.in(4, 6), t.in(4, 6)));
            List<KeyGroup> groups = r == 0 ? List.of() : List.of(new KeyGroup(0, r, 0, new int[] {0, 4}));
            return ops -> ops.attention(out, q, 3, tables, groups, 1);
        });
        calls.put("route", (t, r) -> {
            Tensor ids = t.out(DType.I32, r, 2);
            Tensor gates = t.out(r, 2);
            Tensor logits = t.in(r, 8);
            Tensor bias = t.in(1, 8);
            RouterSpec spec = new RouterSpec(Scoring.SIGMOID, 2, 1, 1, true, 1, 4);
            return ops -> ops.route(ids, gates, logits, bias, spec, upTo(r));
        });
        calls.put("experts", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor x = t.in(r, 6);
            Tensor ids = t.in(DType.I32, r, 2);
            Tensor gates = t.in(r, 2);
            ExpertWeights weights = new ExpertWeights(
                    Collections.nCopies(2, Weight.of(t.in(3, 6))),
                    Collections.nCopies(2, Weight.of(t.in(DType.I8, 3, 6), t.in(1, 3))),
                    Collections.nCopies(2, Weight.of(t.in(DType.BF16, 6, 3))));
            return ops -> ops.experts(out, x, ids, gates, weights);
        });
        calls.put("swiglu", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor gate = t.in(r, 6);
            Tensor up = t.in(r, 6);
            return ops -> ops.swiglu(out, gate, up);
        });
        calls.put("add", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor a = t.in(r, 6);
            Tensor b = t.in(r, 6);
            return ops -> ops.add(out, a, b);
        });
        calls.put("guide", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor conditional = t.in(r, 6);
            Tensor unconditional = t.in(r, 6);
            return ops -> ops.guide(out, conditional, unconditional, 0.5f);
        });
        calls.put("gatherRows", (t, r) -> {
            Tensor out = t.out(r, 6);
            Tensor src = t.in(9, 6);
            return ops -> ops.gatherRows(out, src, upTo(r));
        });
        calls.put("scatterRows", (t, r) -> {
            Tensor out = t.out(9, 6);
            Tensor src = t.in(r, 6);
            return ops -> ops.scatterRows(out, src, upTo(r));
        });
        calls.put("propose", (t, r) -> {
            Tensor logits = t.in(r, 8);
            return ops -> ops.propose(new Proposals(r), logits, ProposalSpec.greedy(7), new long[0]);
        });
        return calls;
    }

    private static Indices upTo(int rows) {
        return Indices.of(IntStream.range(0, rows).toArray());
    }
}
