package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.runtime.LegalCalls.TestMemory;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.ProposalSpec.FilterOrder;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.contract.ReferenceOps;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The message of every check, word by word: what was asked and what was found.
class CheckedOpsMessagesTest {
    private static final Indices NONE = Indices.of();

    private final Ops ops = new CheckedOps(new ReferenceOps());
    private final TestMemory memory = TestMemory.plain();
    private final Tensor x = f32(3, 8);
    private final Tensor other = f32(3, 8);
    private final Tensor narrow = f32(3, 7);
    private final Tensor half = memory.in(DType.F16, 3, 8);
    private final Tensor numbers = memory.in(DType.I32, 3, 8);
    private final Indices three = Indices.of(0, 1, 2);

    @Test
    void embed() {
        refused("embed: F16[3, 8] where F32 is accepted", () -> ops.embed(half, x, three));
        refused("embed: I32[3, 8] where F32, F16 or BF16 is accepted", () -> ops.embed(x, numbers, three));
        refused("embed: F32[3, 8] from table F32[3, 7] by 3 ids", () -> ops.embed(x, narrow, three));
        refused("embed: F32[3, 8] from table F32[3, 8] by 2 ids", () -> ops.embed(x, other, three.slice(0, 2)));
        refused("embed: index 3 at 2 is outside [0, 3)", () -> ops.embed(x, other, Indices.of(0, 1, 3)));
        refused("embed: index -1 at 0 is outside [0, 3)", () -> ops.embed(x, other, Indices.of(-1, 1, 2)));
        refused("embed: the destination F32[3, 8] must not be the source", () -> ops.embed(x, x, three));
    }

    @Test
    void embedExpected() {
        Tensor logits = f32(3, 5);
        Tensor table = memory.in(DType.F16, 5, 8);
        refused("embedExpected: F16[3, 8] where F32 is accepted", () -> ops.embedExpected(half, table, logits, 1));
        refused("embedExpected: I32[3, 8] where F32, F16 or BF16 is accepted",
                () -> ops.embedExpected(x, numbers, logits, 1));
        refused("embedExpected: I32[3, 8] where F32 is accepted", () -> ops.embedExpected(x, table, numbers, 1));
        refused("embedExpected: F32[3, 8] from table F32[3, 8] and logits F32[3, 5]",
                () -> ops.embedExpected(x, other, logits, 1));
        refused("embedExpected: F32[3, 7] from table F16[5, 8] and logits F32[3, 5]",
                () -> ops.embedExpected(narrow, table, logits, 1));
        refused("embedExpected: the destination F32[3, 8] must not be the source",
                () -> ops.embedExpected(x, x, f32(3, 3), 1));
        refused("embedExpected: scale NaN where a finite number is accepted",
                () -> ops.embedExpected(x, table, logits, Float.NaN));
        ops.embedExpected(x, table, logits, 0.5f);
    }

    @Test
    void linear() {
        Weight w = Weight.of(f32(5, 8));
        Tensor out = f32(3, 5);
        refused("linear: I32[3, 8] where F32 is accepted", () -> ops.linear(out, numbers, w, null));
        refused("linear: F16[3, 8] where F32 is accepted", () -> ops.linear(half, x, w, null));
        refused("linear: F32[3, 5] from x F32[3, 7] and weight F32[5, 8]", () -> ops.linear(out, narrow, w, null));
        refused("linear: F32[3, 8] from x F32[3, 8] and weight F32[5, 8]", () -> ops.linear(other, x, w, null));
        refused("linear: F32[2, 5] from x F32[3, 8] and weight F32[5, 8]",
                () -> ops.linear(out.rows(0, 2), x, w, null));
        refused("linear: bias F32[1, 4] for weight F32[5, 8]", () -> ops.linear(out, x, w, f32(1, 4)));
        refused("linear: bias F32[2, 5] for weight F32[5, 8]", () -> ops.linear(out, x, w, f32(2, 5)));
        refused("linear: F16[1, 5] where F32 is accepted",
                () -> ops.linear(out, x, w, memory.in(DType.F16, 1, 5)));
        refused("linear: the destination F32[3, 8] must not be the source",
                () -> ops.linear(x, x, Weight.of(f32(8, 8)), null));
    }

    @Test
    void norms() {
        refused("rmsNorm: F16[3, 8] where F32 is accepted", () -> ops.rmsNorm(x, half, f32(1, 8), 0));
        refused("rmsNorm: weight F32[1, 3] does not match x F32[3, 8]", () -> ops.rmsNorm(x, x, f32(1, 3), 0));
        refused("rmsNorm: weight F32[2, 8] does not match x F32[3, 8]", () -> ops.rmsNorm(x, x, f32(2, 8), 0));
        refused("rmsNorm: I8[1, 8] where F32, F16 or BF16 is accepted",
                () -> ops.rmsNorm(x, x, memory.in(DType.I8, 1, 8), 0));
        refused("rmsNorm: F32[3, 7] does not match F32[3, 8]", () -> ops.rmsNorm(narrow, x, f32(1, 8), 0));
        refused("addRmsNorm: F32[3, 8] does not match F32[3, 7]",
                () -> ops.addRmsNorm(f32(3, 8), x, narrow, f32(1, 8), 0));
        refused("addRmsNorm: the destination F32[3, 8] must not be the source",
                () -> ops.addRmsNorm(x, x, other, f32(1, 8), 0));
        refused("addRmsNorm: the destination F32[3, 8] must not be the source",
                () -> ops.addRmsNorm(other, x, x, f32(1, 8), 0));
        ops.addRmsNorm(other, x, other, f32(1, 8), 1);
    }

    @Test
    void rope() {
        refused("rope: F32[3, 8] is no whole number of heads of 3", () -> ops.rope(x, 3, f32(3, 2)));
        refused("rope: F32[3, 8] is no whole number of heads of 0", () -> ops.rope(x, 0, f32(3, 2)));
        refused("rope: F32[3, 8] is no whole number of heads of -4", () -> ops.rope(x, -4, f32(3, 2)));
        refused("rope: angles F32[2, 4] for F32[3, 8] with heads of 4", () -> ops.rope(x, 4, f32(2, 4)));
        refused("rope: angles F32[3, 3] for F32[3, 8] with heads of 4", () -> ops.rope(x, 4, f32(3, 3)));
        refused("rope: angles F32[3, 6] for F32[3, 8] with heads of 4", () -> ops.rope(x, 4, f32(3, 6)));
    }

    @Test
    void attentionShapes() {
        refused("attention: F32[3, 7] does not match F32[3, 8]", () -> attention(narrow, x, 4, table(5, 4)));
        refused("attention: the destination F32[3, 8] must not be the source", () -> attention(x, x, 4, table(5, 4)));
        refused("attention: q F32[3, 8] is no whole number of heads of 3", () -> attention(other, x, 3, table(5, 3)));
        refused("attention: q F32[3, 8] does not share keys F32[5, 6] in heads of 2",
                () -> attention(other, x, 2, table(5, 6)));
        refused("attention: q F32[3, 8] does not share keys F32[5, 2] in heads of 4",
                () -> attention(other, x, 4, table(5, 2)));
        refused("attention: q F32[3, 8] does not share keys F32[5, 16] in heads of 4",
                () -> attention(other, x, 4, table(5, 16)));
        Tensor keys = memory.in(DType.F16, 5, 4);
        refused("attention: F16[5, 4] where F32 is accepted", () -> attention(other, x, 4, new KeyValues(keys, keys)));
        refused("attention: the destination F32[3, 8] must not be the source",
                () -> attention(other, x, 4, new KeyValues(f32(3, 8), other)));
    }

    @Test
    void attentionGroups() {
        int[] all = {0, 5};
        refused("attention: groups cover 2 rows of q F32[3, 8]", new KeyGroup(0, 2, 0, all));
        refused("attention: groups cover 0 rows of q F32[3, 8]");
        refused("attention: groups cover 4 rows of q F32[3, 8]", new KeyGroup(0, 4, 0, all));
        refused("attention: group 0 starts at row 1, not 0", new KeyGroup(1, 2, 0, all));
        refused("attention: group 1 starts at row 1, not 2", new KeyGroup(0, 2, 0, all), new KeyGroup(1, 2, 0, all));
        refused("attention: group 1 starts at row 2, not 1", new KeyGroup(0, 1, 0, all), new KeyGroup(2, 1, 0, all));
        refused("attention: group 0 wants sequence 1 of 1", new KeyGroup(0, 3, 1, all));
        refused("attention: group 0 sees slots up to 6 of keys F32[5, 4]", new KeyGroup(0, 3, 0, new int[] {0, 6}));
        refused("attention: group 1 starts at row 0, not 2147483647",
                new KeyGroup(0, Integer.MAX_VALUE, 0, all), new KeyGroup(0, 3, 0, all));
    }

    @Test
    void route() {
        Tensor ids = memory.in(DType.I32, 3, 2);
        Tensor gates = f32(3, 2);
        RouterSpec two = router(2, 1, 1);
        refused("route: F32[3, 2] where I32 is accepted", () -> ops.route(gates, gates, x, null, two, NONE));
        refused("route: I32[3, 2] where F32 is accepted", () -> ops.route(ids, ids, x, null, two, NONE));
        refused("route: ids I32[3, 2] and gates F32[3, 2] from logits F32[3, 8], top 3",
                () -> ops.route(ids, gates, x, null, router(3, 1, 1), NONE));
        refused("route: ids I32[3, 2] and gates F32[3, 8] from logits F32[3, 8], top 2",
                () -> ops.route(ids, other, x, null, two, NONE));
        refused("route: ids I32[3, 2] and gates F32[3, 2] from logits F32[2, 8], top 2",
                () -> ops.route(ids, gates, x.rows(0, 2), null, two, NONE));
        refused("router: top 2 out of 1 of 3 groups of 8 experts",
                () -> ops.route(ids, gates, x, null, router(2, 3, 1), NONE));
        refused("router: top 2 out of 1 of 8 groups of 8 experts",
                () -> ops.route(ids, gates, x, null, router(2, 8, 1), NONE));
        refused("router: top 2 out of 4 of 8 groups of 8 experts",
                () -> ops.route(ids, gates, x, null, router(2, 8, 4), NONE));
        refused("router: top 2 out of 1 of 1 groups of 1 experts",
                () -> ops.route(ids, gates, f32(3, 1), null, two, NONE));
        refused("route: bias F32[1, 7] for logits F32[3, 8]", () -> ops.route(ids, gates, x, f32(1, 7), two, NONE));
        refused("route: the destination F32[3, 2] must not be the source",
                () -> ops.route(ids, gates, gates, null, two, NONE));
        RouterSpec admitting = new RouterSpec(Scoring.SIGMOID, 2, 1, 1, true, 1, 4);
        refused("route: no routing block for 3 rows", () -> ops.route(ids, gates, x, null, admitting, NONE));
        refused("route: routing block 0 starts at row 1; needs rows of 3, ascending from 0",
                () -> ops.route(ids, gates, x, null, admitting, Indices.of(1, 2)));
        refused("route: routing block 2 starts at row 2; needs rows of 3, ascending from 0",
                () -> ops.route(ids, gates, x, null, admitting, Indices.of(0, 2, 2)));
        refused("route: routing block 1 starts at row 3; needs rows of 3, ascending from 0",
                () -> ops.route(ids, gates, x, null, admitting, Indices.of(0, 3)));
        refused("route: routing block 0 starts at row 0; needs rows of 0, ascending from 0",
                () -> ops.route(ids.rows(0, 0), gates.rows(0, 0), x.rows(0, 0), null, admitting, Indices.of(0)));
    }

    @Test
    void experts() {
        Weight in = Weight.of(f32(4, 8));
        Weight down = Weight.of(f32(8, 4));
        ExpertWeights weights = new ExpertWeights(List.of(in, in), List.of(in, in), List.of(down, down));
        Tensor ids = memory.in(DType.I32, 3, 2);
        Tensor gates = f32(3, 2);
        refused("experts: the destination F32[3, 8] must not be the source",
                () -> ops.experts(x, x, ids, gates, weights));
        refused("experts: F32[3, 2] where I32 is accepted", () -> ops.experts(other, x, gates, gates, weights));
        refused("experts: x F32[3, 7], ids I32[3, 2], gates F32[3, 2] for experts of width 8",
                () -> ops.experts(f32(3, 7), narrow, ids, gates, weights));
        refused("experts: x F32[3, 8], ids I32[3, 2], gates F32[3, 8] for experts of width 8",
                () -> ops.experts(other, x, ids, f32(3, 8), weights));
        refused("experts: x F32[3, 8], ids I32[2, 2], gates F32[2, 2] for experts of width 8",
                () -> ops.experts(other, x, ids.rows(0, 2), gates.rows(0, 2), weights));
        ids.set(2, 1, 2);
        refused("experts: id 2 at (2, 1) is outside [0, 2)", () -> ops.experts(other, x, ids, gates, weights));
        ids.set(2, 1, -1);
        refused("experts: id -1 at (2, 1) is outside [0, 2)", () -> ops.experts(other, x, ids, gates, weights));
    }

    @Test
    void elementwise() {
        refused("swiglu: F32[3, 8] does not match F32[3, 7]", () -> ops.swiglu(x, other, narrow));
        refused("swiglu: F32[3, 8] does not match F32[3, 7]", () -> ops.swiglu(x, narrow, other));
        refused("add: F16[3, 8] where F32 is accepted", () -> ops.add(x, other, half));
        refused("add: F32[3, 8] does not match F32[2, 8]", () -> ops.add(x, other, x.rows(0, 2)));
        refused("guide: F32[3, 8] does not match F32[3, 7]", () -> ops.guide(x, narrow, other, 1));
        refused("guide: F32[3, 8] does not match F32[3, 7]", () -> ops.guide(x, other, narrow, 1));
        refused("guide: F16[3, 8] where F32 is accepted", () -> ops.guide(x, other, half, 1));
        refused("guide: scale NaN where a finite number is accepted", () -> ops.guide(x, other, x, Float.NaN));
        refused("guide: scale -Infinity where a finite number is accepted",
                () -> ops.guide(x, other, x, Float.NEGATIVE_INFINITY));
        ops.guide(x, x, other, -1);
        ops.guide(x, other, x, 0.5f);
        ops.add(x, x, x);
        ops.swiglu(x, x, other);
    }

    @Test
    void rows() {
        refused("gatherRows: F32[3, 8] from F32[3, 7] by 3 rows", () -> ops.gatherRows(x, narrow, three));
        refused("gatherRows: F32[3, 8] from F32[3, 8] by 1 rows", () -> ops.gatherRows(x, other, Indices.of(0)));
        refused("gatherRows: index 3 at 1 is outside [0, 3)", () -> ops.gatherRows(x, other, Indices.of(0, 3, 0)));
        refused("gatherRows: the destination F32[3, 8] must not be the source", () -> ops.gatherRows(x, x, three));
        refused("scatterRows: F32[3, 7] into F32[3, 8] by 3 rows", () -> ops.scatterRows(x, narrow, three));
        refused("scatterRows: F32[2, 8] into F32[3, 8] by 3 rows", () -> ops.scatterRows(x, other.rows(0, 2), three));
        refused("scatterRows: index -5 at 0 is outside [0, 3)",
                () -> ops.scatterRows(x, other.rows(0, 1), Indices.of(-5)));
        refused("scatterRows: the destination F32[3, 8] must not be the source", () -> ops.scatterRows(x, x, three));
    }

    @Test
    void propose() {
        Proposals room = new Proposals(3);
        ProposalSpec sampled = proposal(Draw.SAMPLE);
        refused("propose: F16[3, 8] where F32 is accepted",
                () -> ops.propose(room, half, ProposalSpec.greedy(), new long[0]));
        refused("propose: room for 2 rows of logits F32[3, 8]",
                () -> ops.propose(new Proposals(2), x, ProposalSpec.greedy(), new long[0]));
        refused("propose: 2 keys for logits F32[3, 8]", () -> ops.propose(room, x, sampled, new long[2]));
        refused("propose: suppressed id 8 is outside the logits F32[3, 8]",
                () -> ops.propose(room, x, ProposalSpec.greedy(1, 8), new long[0]));
        refused("propose: suppressed id -1 is outside the logits F32[3, 8]",
                () -> ops.propose(room, x, ProposalSpec.greedy(-1), new long[0]));
        refused("propose: unsure id 8 is outside the logits F32[3, 8]",
                () -> ops.propose(room, x, proposal(Draw.ARGMAX, 0, 8), new long[0]));
        refused("propose: unsure id -1 is outside the logits F32[3, 8]",
                () -> ops.propose(room, x, proposal(Draw.ARGMAX, -1), new long[0]));
        ops.propose(room, x, proposal(Draw.ARGMAX), new long[0]);
    }

    /// The tokens of the rows that there are.
    @Test
    void proposeGivenTokens() {
        Proposals room = new Proposals(4);
        room.tokens[3] = -1;
        ops.propose(room, x, proposal(Draw.GIVEN), new long[0]);
        room.tokens[2] = 8;
        refused("propose: given token 8 is outside the logits F32[3, 8]",
                () -> ops.propose(room, x, proposal(Draw.GIVEN), new long[0]));
        room.tokens[2] = -1;
        refused("propose: given token -1 is outside the logits F32[3, 8]",
                () -> ops.propose(room, x, proposal(Draw.GIVEN), new long[0]));
        ops.propose(room, x, proposal(Draw.ARGMAX), new long[0]);
    }

    /// Two tensors over one segment are the same view, though their memory objects differ.
    @Test
    void sameMemoryTwice() {
        MemorySegment segment = Arena.ofAuto().allocate(3 * 8 * 4);
        Tensor first = Tensor.of(DType.F32, 3, 8, segment);
        Tensor second = Tensor.of(DType.F32, 3, 8, segment);
        refused("linear: the destination F32[3, 8] must not be the source",
                () -> ops.linear(first, second, Weight.of(f32(8, 8)), null));
    }

    /// Without rows nothing can overlap, though a workspace gives both the same place.
    @Test
    void emptyTensorsAtOnePlace() {
        ops.linear(x.rows(0, 0), x.rows(0, 0), Weight.of(f32(8, 8)), null);
        ops.gatherRows(x.rows(1, 1), x, three.slice(0, 0));
    }

    private void attention(Tensor out, Tensor q, int headDim, KeyValues table) {
        ops.attention(out, q, headDim, List.of(table), List.of(new KeyGroup(0, 3, 0, new int[] {0, 3})), 1);
    }

    private KeyValues table(int slots, int cols) {
        return new KeyValues(f32(slots, cols), f32(slots, cols));
    }

    private void refused(String message, KeyGroup... groups) {
        refused(message, () -> ops.attention(other, x, 4, List.of(table(5, 4)), List.of(groups), 1));
    }

    private static void refused(String message, Runnable call) {
        assertEquals(message, assertThrows(ShapeException.class, call::run).getMessage());
    }

    private static RouterSpec router(int topK, int groups, int topGroups) {
        return new RouterSpec(Scoring.SIGMOID, topK, groups, topGroups, true, 1);
    }

    private static ProposalSpec proposal(Draw draw, int... unsure) {
        return new ProposalSpec(
                1, 0, 1, FilterOrder.TOP_K_FIRST, ConfidenceFrom.RAW, draw, new int[0], unsure);
    }

    private Tensor f32(int rows, int cols) {
        return memory.out(rows, cols);
    }
}
