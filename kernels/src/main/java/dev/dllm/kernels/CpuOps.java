package dev.dllm.kernels;

import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The op vocabulary on the CPU: an op waits for its turn and hands over to the object that keeps what it reuses.
///
/// Nothing is allocated once scratch memory has grown to what the ops need.
final class CpuOps implements Ops {
    private final CpuBackend backend;
    private final Rows rows;
    private final EmbedExpected embedExpected;
    private final Linear linear;
    private final RmsNorm rmsNorm;
    private final Rope rope;
    private final Attention attention;
    private final Route route;
    private final Experts experts;
    private final Elementwise elementwise;
    private final Propose propose;

    CpuOps(CpuBackend backend, Engine engine) {
        this.backend = backend;
        rows = new Rows(engine);
        embedExpected = new EmbedExpected(engine);
        linear = new Linear(engine);
        rmsNorm = new RmsNorm(engine);
        rope = new Rope(engine);
        attention = new Attention(engine);
        route = new Route(engine);
        experts = new Experts(engine);
        elementwise = new Elementwise(engine);
        propose = new Propose(engine);
    }

    @Override
    public void embed(Tensor out, Tensor table, Indices ids) {
        backend.enter();
        try {
            rows.copy(out, null, table, ids, out.rows());
        } finally {
            backend.exit();
        }
    }

    @Override
    public void embedExpected(Tensor out, Tensor table, Tensor logits, float scale) {
        backend.enter();
        try {
            embedExpected.embedExpected(out, table, logits, scale);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void linear(Tensor out, Tensor x, Weight w, @Nullable Tensor bias) {
        backend.enter();
        try {
            linear.linear(out, x, w, bias);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void rmsNorm(Tensor out, Tensor x, Tensor weight, float eps) {
        backend.enter();
        try {
            rmsNorm.rmsNorm(out, x, weight, eps);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void addRmsNorm(Tensor out, Tensor residual, Tensor x, Tensor weight, float eps) {
        backend.enter();
        try {
            rmsNorm.addRmsNorm(out, residual, x, weight, eps);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void rope(Tensor x, int headDim, Tensor angles) {
        backend.enter();
        try {
            rope.rope(x, headDim, angles);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void attention(
            Tensor out, Tensor q, int headDim, List<KeyValues> tables, List<KeyGroup> groups, float scale) {
        backend.enter();
        try {
            attention.attention(out, q, headDim, tables, groups, scale);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void route(
            Tensor ids, Tensor gates, Tensor logits, @Nullable Tensor bias, RouterSpec spec, Indices blocks) {
        backend.enter();
        try {
            route.route(ids, gates, logits, bias, spec, blocks);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void experts(Tensor out, Tensor x, Tensor ids, Tensor gates, ExpertWeights weights) {
        backend.enter();
        try {
            experts.experts(out, x, ids, gates, weights);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void swiglu(Tensor out, Tensor gate, Tensor up) {
        backend.enter();
        try {
            elementwise.swiglu(out, gate, up);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void add(Tensor out, Tensor a, Tensor b) {
        backend.enter();
        try {
            elementwise.add(out, a, b);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void guide(Tensor out, Tensor conditional, Tensor unconditional, float scale) {
        backend.enter();
        try {
            elementwise.guide(out, conditional, unconditional, scale);
        } finally {
            backend.exit();
        }
    }

    @Override
    public void gatherRows(Tensor out, Tensor src, Indices rows) {
        backend.enter();
        try {
            this.rows.copy(out, null, src, rows, out.rows());
        } finally {
            backend.exit();
        }
    }

    @Override
    public void scatterRows(Tensor out, Tensor src, Indices rows) {
        backend.enter();
        try {
            this.rows.copy(out, rows, src, null, src.rows());
        } finally {
            backend.exit();
        }
    }

    @Override
    public void propose(Proposals out, Tensor logits, ProposalSpec spec, long[] keys) {
        backend.enter();
        try {
            propose.propose(out, logits, spec, keys);
        } finally {
            backend.exit();
        }
    }
}
