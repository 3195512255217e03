package dev.dllm.runtime;

import dev.dllm.runtime.ProposalSpec.Draw;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Checks every shape, type, index and lifetime before an op runs, so that kernels can assume them: what passes here stays
/// inside its memory.
public final class CheckedOps implements Ops {
    private final Ops ops;

    public CheckedOps(Ops ops) {
        this.ops = Objects.requireNonNull(ops);
    }

    @Override
    public void embed(Tensor out, Tensor table, Indices ids) {
        result("embed", out);
        weightType("embed", table);
        apart("embed", out, table);
        check(out.cols() == table.cols() && ids.length() == out.rows(),
                "embed: %s from table %s by %d ids", out, table, ids.length());
        indices("embed", ids, table.rows());
        ops.embed(out, table, ids);
    }

    @Override
    public void embedExpected(Tensor out, Tensor table, Tensor logits, float scale) {
        result("embedExpected", out);
        weightType("embedExpected", table);
        f32("embedExpected", logits);
        apart("embedExpected", out, table);
        apart("embedExpected", out, logits);
        check(out.cols() == table.cols() && out.rows() == logits.rows() && logits.cols() == table.rows(),
                "embedExpected: %s from table %s and logits %s", out, table, logits);
        check(Float.isFinite(scale), "embedExpected: scale %s where a finite number is accepted", scale);
        ops.embedExpected(out, table, logits, scale);
    }

    @Override
    public void linear(Tensor out, Tensor x, Weight w, @Nullable Tensor bias) {
        result("linear", out);
        f32("linear", x);
        alive("linear", w);
        check(out.rows() == x.rows() && x.cols() == w.cols() && out.cols() == w.rows(),
                "linear: %s from x %s and weight %s", out, x, w);
        apart("linear", out, x);
        if (bias != null) {
            f32("linear", bias);
            check(bias.rows() == 1 && bias.cols() == w.rows(), "linear: bias %s for weight %s", bias, w);
        }
        ops.linear(out, x, w, bias);
    }

    @Override
    public void rmsNorm(Tensor out, Tensor x, Tensor weight, float eps) {
        norm("rmsNorm", out, x, weight);
        ops.rmsNorm(out, x, weight, eps);
    }

    @Override
    public void addRmsNorm(Tensor out, Tensor residual, Tensor x, Tensor weight, float eps) {
        norm("addRmsNorm", out, residual, weight);
        result("addRmsNorm", residual);
        f32("addRmsNorm", x);
        same("addRmsNorm", residual, x);
        apart("addRmsNorm", out, residual);
        apart("addRmsNorm", residual, x);
        ops.addRmsNorm(out, residual, x, weight, eps);
    }

    @Override
    public void rope(Tensor x, int headDim, Tensor angles) {
        result("rope", x);
        f32("rope", angles);
        check(headDim > 0 && x.cols() % headDim == 0, "rope: %s is no whole number of heads of %d", x, headDim);
        check(angles.rows() == x.rows() && angles.cols() % 2 == 0 && angles.cols() <= headDim,
                "rope: angles %s for %s with heads of %d", angles, x, headDim);
        ops.rope(x, headDim, angles);
    }

    @Override
    public void attention(
            Tensor out, Tensor q, int headDim, List<KeyValues> tables, List<KeyGroup> groups, float scale) {
        result("attention", out);
        f32("attention", q);
        same("attention", out, q);
        apart("attention", out, q);
        check(headDim > 0 && q.cols() % headDim == 0, "attention: q %s is no whole number of heads of %d", q, headDim);
        for (int s = 0; s < tables.size(); s++) {
            Tensor keys = tables.get(s).keys();
            f32("attention", keys);
            f32("attention", tables.get(s).values());
            apart("attention", out, keys);
            apart("attention", out, tables.get(s).values());
            check(keys.cols() == tables.getFirst().keys().cols(), "attention: keys %s beside keys %s", keys,
                    tables.getFirst().keys());
            check(keys.cols() % headDim == 0 && q.cols() % keys.cols() == 0,
                    "attention: q %s does not share keys %s in heads of %d", q, keys, headDim);
        }
        int next = 0;
        for (int g = 0; g < groups.size(); g++) {
            KeyGroup group = groups.get(g);
            check(group.firstRow() == next, "attention: group %d starts at row %d, not %d", g, group.firstRow(), next);
            check(group.sequence() < tables.size(), "attention: group %d wants sequence %d of %d",
                    g, group.sequence(), tables.size());
            Tensor keys = tables.get(group.sequence()).keys();
            check(group.endSlot() <= keys.rows(), "attention: group %d sees slots up to %d of keys %s",
                    g, group.endSlot(), keys);
            next += group.rowCount();
        }
        check(next == q.rows(), "attention: groups cover %d rows of q %s", next, q);
        ops.attention(out, q, headDim, tables, groups, scale);
    }

    @Override
    public void route(
            Tensor ids, Tensor gates, Tensor logits, @Nullable Tensor bias, RouterSpec spec, Indices blocks) {
        writable("route", ids);
        i32("route", ids);
        result("route", gates);
        f32("route", logits);
        apart("route", gates, logits);
        int experts = logits.cols();
        check(ids.rows() == logits.rows() && ids.cols() == spec.topK() && sameShape(ids, gates),
                "route: ids %s and gates %s from logits %s, top %d", ids, gates, logits, spec.topK());
        spec.requireChoiceOf(experts);
        if (bias != null) {
            f32("route", bias);
            check(bias.rows() == 1 && bias.cols() == experts, "route: bias %s for logits %s", bias, logits);
        }
        if (spec.capacity() > 0) {
            routingBlocks(blocks, logits.rows());
        }
        ops.route(ids, gates, logits, bias, spec, blocks);
    }

    @Override
    public void experts(Tensor out, Tensor x, Tensor ids, Tensor gates, ExpertWeights weights) {
        result("experts", out);
        f32("experts", x);
        i32("experts", ids);
        f32("experts", gates);
        same("experts", out, x);
        apart("experts", out, x);
        check(x.cols() == weights.hidden() && ids.rows() == x.rows() && sameShape(ids, gates),
                "experts: x %s, ids %s, gates %s for experts of width %d", x, ids, gates, weights.hidden());
        expertIds(ids, weights.count());
        weights.gate().forEach(w -> alive("experts", w));
        weights.up().forEach(w -> alive("experts", w));
        weights.down().forEach(w -> alive("experts", w));
        ops.experts(out, x, ids, gates, weights);
    }

    @Override
    public void swiglu(Tensor out, Tensor gate, Tensor up) {
        elementwise("swiglu", out, gate, up);
        ops.swiglu(out, gate, up);
    }

    @Override
    public void add(Tensor out, Tensor a, Tensor b) {
        elementwise("add", out, a, b);
        ops.add(out, a, b);
    }

    @Override
    public void guide(Tensor out, Tensor conditional, Tensor unconditional, float scale) {
        elementwise("guide", out, conditional, unconditional);
        check(Float.isFinite(scale), "guide: scale %s where a finite number is accepted", scale);
        ops.guide(out, conditional, unconditional, scale);
    }

    @Override
    public void gatherRows(Tensor out, Tensor src, Indices rows) {
        result("gatherRows", out);
        f32("gatherRows", src);
        apart("gatherRows", out, src);
        check(out.cols() == src.cols() && rows.length() == out.rows(),
                "gatherRows: %s from %s by %d rows", out, src, rows.length());
        indices("gatherRows", rows, src.rows());
        ops.gatherRows(out, src, rows);
    }

    @Override
    public void scatterRows(Tensor out, Tensor src, Indices rows) {
        result("scatterRows", out);
        f32("scatterRows", src);
        apart("scatterRows", out, src);
        check(out.cols() == src.cols() && rows.length() == src.rows(),
                "scatterRows: %s into %s by %d rows", src, out, rows.length());
        indices("scatterRows", rows, out.rows());
        ops.scatterRows(out, src, rows);
    }

    @Override
    public void propose(Proposals out, Tensor logits, ProposalSpec spec, long[] keys) {
        f32("propose", logits);
        check(out.capacity() >= logits.rows(), "propose: room for %d rows of logits %s", out.capacity(), logits);
        check(spec.draw() != Draw.SAMPLE || keys.length >= logits.rows(),
                "propose: %d keys for logits %s", keys.length, logits);
        inside("suppressed id", spec.suppressed(), spec.suppressed().length, logits);
        inside("unsure id", spec.unsure(), spec.unsure().length, logits);
        if (spec.draw() == Draw.GIVEN) {
            inside("given token", out.tokens, logits.rows(), logits);
        }
        ops.propose(out, logits, spec, keys);
    }

    /// @throws IllegalStateException if the memory behind `t` has been closed
    static void alive(String op, Tensor t) {
        if (!t.memory().isAlive()) {
            throw new IllegalStateException(op + ": the memory of " + t + " has been closed");
        }
    }

    /// @throws IllegalStateException if the memory behind `w` has been closed
    static void alive(String op, Weight w) {
        alive(op, w.values());
        if (w.scales() != null) {
            alive(op, w.scales());
        }
    }

    /// A mapped checkpoint is read-only; writing to its addresses would end the JVM.
    ///
    /// @throws IllegalStateException if the memory behind `t` has been closed
    static void writable(String op, Tensor t) {
        alive(op, t);
        boolean readOnly = t.memory() instanceof Memory.Host(MemorySegment segment) && segment.isReadOnly();
        check(!readOnly, "%s: the destination %s is read-only memory", op, t);
    }

    private static void result(String op, Tensor t) {
        writable(op, t);
        f32(op, t);
    }

    private static void norm(String op, Tensor out, Tensor x, Tensor weight) {
        result(op, out);
        f32(op, x);
        weightType(op, weight);
        same(op, out, x);
        check(weight.rows() == 1 && x.cols() % weight.cols() == 0, "%s: weight %s does not match x %s", op, weight, x);
    }

    private static void elementwise(String op, Tensor out, Tensor a, Tensor b) {
        result(op, out);
        f32(op, a);
        f32(op, b);
        same(op, out, a);
        same(op, out, b);
    }

    private static void f32(String op, Tensor t) {
        type(op, t, DType.F32);
    }

    private static void i32(String op, Tensor t) {
        type(op, t, DType.I32);
    }

    private static void type(String op, Tensor t, DType accepted) {
        alive(op, t);
        check(t.dtype() == accepted, "%s: %s where %s is accepted", op, t, accepted);
    }

    private static void weightType(String op, Tensor t) {
        alive(op, t);
        check(t.dtype() != DType.I8 && t.dtype() != DType.I32, "%s: %s where F32, F16 or BF16 is accepted", op, t);
    }

    private static void same(String op, Tensor a, Tensor b) {
        check(sameShape(a, b), "%s: %s does not match %s", op, a, b);
    }

    private static boolean sameShape(Tensor a, Tensor b) {
        return a.rows() == b.rows() && a.cols() == b.cols();
    }

    private static void apart(String op, Tensor out, Tensor in) {
        boolean same = out.byteOffset() == in.byteOffset() && out.memory().equals(in.memory());
        check(!same || out.rows() == 0, "%s: the destination %s must not be the source", op, out);
    }

    /// Ids on a device are the kernel's to check: it would have to wait for them here.
    private static void expertIds(Tensor ids, int count) {
        if (ids.memory() instanceof Memory.Host) {
            for (int i = 0; i < ids.rows(); i++) {
                for (int j = 0; j < ids.cols(); j++) {
                    float id = ids.get(i, j);
                    check(id >= 0 && id < count, "experts: id %.0f at (%d, %d) is outside [0, %d)", id, i, j, count);
                }
            }
        }
    }

    private static void routingBlocks(Indices blocks, int rows) {
        check(blocks.length() > 0 || rows == 0, "route: no routing block for %d rows", rows);
        for (int b = 0; b < blocks.length(); b++) {
            int start = blocks.get(b);
            check((b == 0 ? start == 0 : start > blocks.get(b - 1)) && start < rows,
                    "route: routing block %d starts at row %d; needs rows of %d, ascending from 0", b, start, rows);
        }
    }

    private static void indices(String op, Indices indices, int bound) {
        for (int i = 0; i < indices.length(); i++) {
            int index = indices.get(i);
            check(index >= 0 && index < bound, "%s: index %d at %d is outside [0, %d)", op, index, i, bound);
        }
    }

    private static void inside(String what, int[] ids, int count, Tensor logits) {
        for (int i = 0; i < count; i++) {
            check(ids[i] >= 0 && ids[i] < logits.cols(), "propose: %s %d is outside the logits %s", what, ids[i], logits);
        }
    }

    private static void check(boolean condition, String message, Object... args) {
        if (!condition) {
            throw new ShapeException(message.formatted(args));
        }
    }
}
