package dev.dllm.model;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Lifetime;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The forward pass of every model: configuration and weights in, logits out. It speaks only [Ops] and [Backend], runs the rows of several
/// sequences at once, and learns from each sequence's plan what is computed, visible and wanted.
///
/// Pre-norm decoder layers with grouped-query attention, optional query/key norm, rotary embedding and a gated feed-forward
/// part, dense or mixture of experts; float32 activations throughout. Where a model routes positions in blocks, a block is what
/// the plan computes of it.
///
/// Immutable; concurrent forwards are safe as long as each has its own workspace and caches.
///
/// @see "inclusionAI/LLaDA2.0, modeling_llada2_moe.py"
public final class Transformer implements Network {
    private final TransformerConfig config;
    private final TransformerWeights weights;
    private final Lifetime lifetime;
    private final Backend backend;
    private final Ops ops;

    /// @param lifetime of the memory that `weights` lie in; a forward keeps it open
    public Transformer(TransformerConfig config, TransformerWeights weights, Lifetime lifetime, Backend backend) {
        this.config = config;
        this.weights = weights;
        this.lifetime = lifetime;
        this.backend = backend;
        this.ops = backend.ops();
    }

    @Override
    public Tensor forward(List<SequenceForward> batch, Workspace workspace) {
        return forward(batch, workspace, ForwardProbe.NONE);
    }

    /// Runs one forward while `probe` watches. The memory of `workspace` is reset first and holds the result until the next reset.
    ///
    /// @param batch at least one sequence
    /// @return logits `[wanted rows of all sequences, vocabulary]` F32, sequence after sequence; without wanted rows an
    ///         empty matrix
    /// @throws IllegalStateException if the weights have been closed
    public Tensor forward(List<SequenceForward> batch, Workspace workspace, ForwardProbe probe) {
        lifetime.enter();
        try {
            workspace.reset();
            Tensor states = states(Rows.of(batch, config.routingBlockLength()), workspace, probe);
            Tensor logits = workspace.f32(states.rows(), config.vocabulary());
            if (states.rows() > 0) {
                ops.linear(logits, states, weights.head(), null);
            }
            storeSoftInputs(batch, logits, workspace);
            return logits;
        } finally {
            lifetime.exit();
        }
    }

    /// Runs one forward up to the final norm and leaves the logits out: what embeddings of texts are made from. Everything
    /// else is as in [#forward].
    ///
    /// @return hidden states behind the final norm, `[wanted rows of all sequences, hidden]` F32, sequence after sequence
    /// @throws IllegalStateException if the weights have been closed
    public Tensor hiddenStates(List<SequenceForward> batch, Workspace workspace) {
        lifetime.enter();
        try {
            workspace.reset();
            return states(Rows.of(batch, config.routingBlockLength()), workspace, ForwardProbe.NONE);
        } finally {
            lifetime.exit();
        }
    }

    /// The wanted rows behind the final norm.
    private Tensor states(Rows rows, Workspace workspace, ForwardProbe probe) {
        Tensor x = workspace.f32(rows.count(), config.hidden());
        Tensor normed = workspace.f32(rows.count(), config.hidden());
        Tensor branch = workspace.f32(rows.count(), config.hidden());
        Tensor angles = angles(rows, workspace);
        AttentionBuffers attention = new AttentionBuffers(workspace, rows.count(), config);
        FeedForwardBuffers feedForward = new FeedForwardBuffers(workspace, rows.count(), config);

        ops.embed(x, weights.embedding(), Indices.of(rows.tokens()));
        addSoftInputs(x, rows, workspace);
        probe.embedded(x);
        for (int i = 0; i < weights.layers().size(); i++) {
            LayerWeights layer = weights.layers().get(i);
            if (i == 0) {
                ops.rmsNorm(normed, x, layer.inputNorm(), config.normEps());
            } else {
                ops.addRmsNorm(normed, x, branch, layer.inputNorm(), config.normEps());
                probe.layer(i - 1, x);
            }
            attend(branch, normed, layer, rows, i, angles, attention);
            ops.addRmsNorm(normed, x, branch, layer.postNorm(), config.normEps());
            feedForward(branch, normed, layer.feedForward(), rows.routingBlocks(), feedForward, i, probe);
        }
        ops.add(x, x, branch);
        probe.layer(weights.layers().size() - 1, x);
        Tensor wanted = workspace.f32(rows.wanted().length, config.hidden());
        if (wanted.rows() > 0) {
            ops.gatherRows(wanted, x, Indices.of(rows.wanted()));
            ops.rmsNorm(wanted, wanted, weights.finalNorm(), config.normEps());
            probe.normalized(wanted);
        }
        return wanted;
    }

    private void addSoftInputs(Tensor x, Rows rows, Workspace workspace) {
        for (int s = 0; s < rows.batch().size(); s++) {
            SequenceForward sequence = rows.batch().get(s);
            int[] softRows = sequence.soft().rows();
            if (softRows.length > 0) {
                Tensor soft = workspace.f32(softRows.length, config.hidden());
                Tensor token = workspace.f32(softRows.length, config.hidden());
                Tensor own = x.rows(rows.firstRow(s), rows.firstRow(s) + sequence.plan().positions().length);
                int[] slots = Arrays.stream(softRows).map(row -> sequence.plan().slots()[row]).toArray();
                ops.gatherRows(soft, sequence.cache().inputs(), Indices.of(slots));
                ops.gatherRows(token, own, Indices.of(softRows));
                ops.add(token, token, soft);
                ops.scatterRows(own, token, Indices.of(softRows));
            }
        }
    }

    private void storeSoftInputs(List<SequenceForward> batch, Tensor logits, Workspace workspace) {
        int first = 0;
        for (SequenceForward sequence : batch) {
            int end = first + sequence.plan().logitsRows().length;
            if (sequence.soft().slots().length > 0) {
                Tensor soft = workspace.f32(end - first, config.hidden());
                ops.embedExpected(soft, weights.embedding(), logits.rows(first, end), sequence.soft().weight());
                ops.scatterRows(sequence.cache().inputs(), soft, Indices.of(sequence.soft().slots()));
            }
            first = end;
        }
    }

    /// Self-attention: `out` `[rows, hidden]` from the normalised stream `x`.
    private void attend(
            Tensor out, Tensor x, LayerWeights layer, Rows rows, int index, Tensor angles, AttentionBuffers buffers) {
        int column = 0;
        for (Projection projection : layer.qkv()) {
            int end = column + projection.weight().rows();
            ops.linear(buffers.qkv.columns(column, end), x, projection.weight(), projection.bias());
            column = end;
        }
        if (layer.queryNorm() != null) {
            ops.rmsNorm(buffers.queries, buffers.queries, layer.queryNorm(), config.normEps());
        }
        if (layer.keyNorm() != null) {
            ops.rmsNorm(buffers.keys, buffers.keys, layer.keyNorm(), config.normEps());
        }
        int headDim = config.attention().headDim();
        ops.rope(buffers.queries, headDim, angles);
        ops.rope(buffers.keys, headDim, angles);
        List<KeyValues> tables = new ArrayList<>(rows.batch().size());
        for (int s = 0; s < rows.batch().size(); s++) {
            KeyValues table = rows.batch().get(s).cache().layer(index);
            Indices slots = Indices.of(rows.batch().get(s).plan().slots());
            int first = rows.firstRow(s);
            int end = first + slots.length();
            ops.scatterRows(table.keys(), buffers.keys.rows(first, end), slots);
            ops.scatterRows(table.values(), buffers.values.rows(first, end), slots);
            tables.add(table);
        }
        float scale = (float) (1 / Math.sqrt(headDim));
        ops.attention(buffers.mixed, buffers.queries, headDim, tables,
                rows.groups(index, buffers.queries, tables), scale);
        ops.linear(out, buffers.mixed, layer.output(), null);
    }

    /// The feed-forward part: `out` `[rows, hidden]` from the normalised stream `x`.
    private void feedForward(
            Tensor out, Tensor x, FeedForward part, Indices routingBlocks, FeedForwardBuffers buffers, int layer,
            ForwardProbe probe) {
        switch (part) {
            case FeedForward.Dense dense -> dense(out, x, dense, buffers);
            case FeedForward.MixtureOfExperts moe -> {
                Tensor scores = buffers.scores.columns(0, moe.router().rows());
                Tensor ids = buffers.ids.columns(0, moe.spec().topK());
                Tensor gates = buffers.gates.columns(0, moe.spec().topK());
                ops.linear(scores, x, moe.router(), null);
                ops.route(ids, gates, scores, moe.bias(), moe.spec(), routingBlocks);
                probe.routed(layer, ids, gates, scores);
                ops.experts(out, x, ids, gates, moe.experts());
                if (moe.shared() != null) {
                    dense(buffers.shared, x, moe.shared(), buffers);
                    ops.add(out, out, buffers.shared);
                }
            }
        }
    }

    private void dense(Tensor out, Tensor x, FeedForward.Dense dense, FeedForwardBuffers buffers) {
        Tensor gate = buffers.gate.columns(0, dense.gate().rows());
        Tensor up = buffers.up.columns(0, dense.up().rows());
        ops.linear(gate, x, dense.gate(), null);
        ops.linear(up, x, dense.up(), null);
        ops.swiglu(gate, gate, up);
        ops.linear(out, gate, dense.down(), null);
    }

    /// The rotary angles of every row.
    private Tensor angles(Rows rows, Workspace workspace) {
        int width = config.rope().width();
        Tensor angles = workspace.f32(rows.count(), width);
        try (Arena arena = Arena.ofConfined()) {
            long rowBytes = DType.F32.bytes(width);
            MemorySegment host = arena.allocate(rows.count() * rowBytes, Float.BYTES);
            int row = 0;
            for (SequenceForward sequence : rows.batch()) {
                RopeAngles sequenceAngles = config.rope().angles(sequence.length());
                for (int position : sequence.plan().positions()) {
                    sequenceAngles.write(host.asSlice(row++ * rowBytes, rowBytes), position);
                }
            }
            backend.write(angles, host);
        }
        return angles;
    }

    /// The rows of all sequences, one sequence after another.
    private record Rows(
            List<SequenceForward> batch, int[] firstRows, int[] positions, int[] tokens, int[] wanted,
            Indices routingBlocks) {

        static Rows of(List<SequenceForward> batch, int routingBlockLength) {
            int count = batch.stream().mapToInt(s -> s.plan().positions().length).sum();
            int[] firstRows = new int[batch.size()];
            int[] positions = new int[count];
            int[] tokens = new int[count];
            int[] wanted = new int[batch.stream().mapToInt(s -> s.plan().logitsRows().length).sum()];
            int row = 0;
            int next = 0;
            for (int s = 0; s < batch.size(); s++) {
                SequenceForward sequence = batch.get(s);
                firstRows[s] = row;
                for (int logitsRow : sequence.plan().logitsRows()) {
                    wanted[next++] = row + logitsRow;
                }
                int rows = sequence.plan().positions().length;
                System.arraycopy(sequence.plan().positions(), 0, positions, row, rows);
                System.arraycopy(sequence.tokens(), 0, tokens, row, rows);
                row += rows;
            }
            return new Rows(
                    batch, firstRows, positions, tokens, wanted,
                    routingBlockLength == 0 ? Indices.of() : routingBlocks(firstRows, positions, routingBlockLength));
        }

        /// A routing block starts with every sequence, and wherever the next position lies in another block of its sequence.
        private static Indices routingBlocks(int[] firstRows, int[] positions, int length) {
            return Indices.of(IntStream.range(0, positions.length)
                    .filter(row -> Arrays.binarySearch(firstRows, row) >= 0
                            || positions[row] / length != positions[row - 1] / length)
                    .toArray());
        }

        /// What every row sees in one layer.
        List<KeyGroup> groups(int layer, Tensor queries, List<KeyValues> tables) {
            List<KeyGroup> groups = new ArrayList<>();
            for (int s = 0; s < batch.size(); s++) {
                ForwardPlan plan = batch.get(s).plan();
                int first = firstRows[s];
                Tensor own = queries.rows(first, first + plan.positions().length);
                for (KeyGroup group : plan.control().groups(layer, plan.groups(), own, tables.get(s))) {
                    groups.add(new KeyGroup(first + group.firstRow(), group.rowCount(), s, group.ranges()));
                }
            }
            return groups;
        }

        int count() {
            return tokens.length;
        }

        int firstRow(int sequence) {
            return firstRows[sequence];
        }
    }

    /// Shared by all layers.
    private static final class AttentionBuffers {
        final Tensor qkv;
        final Tensor queries;
        final Tensor keys;
        final Tensor values;
        final Tensor mixed;

        AttentionBuffers(Workspace workspace, int rows, TransformerConfig config) {
            int q = config.attention().queryWidth();
            int k = config.attention().keyWidth();
            qkv = workspace.f32(rows, q + 2 * k);
            queries = qkv.columns(0, q);
            keys = qkv.columns(q, q + k);
            values = qkv.columns(q + k, q + 2 * k);
            mixed = workspace.f32(rows, q);
        }
    }

    /// Shared by all layers, as wide as the widest.
    private static final class FeedForwardBuffers {
        final Tensor gate;
        final Tensor up;
        final Tensor shared;
        final Tensor scores;
        final Tensor ids;
        final Tensor gates;

        FeedForwardBuffers(Workspace workspace, int rows, TransformerConfig config) {
            int width = 1;
            int experts = 1;
            int topK = 1;
            for (FeedForwardShape shape : config.layers()) {
                switch (shape) {
                    case FeedForwardShape.Dense dense -> width = Math.max(width, dense.width());
                    case FeedForwardShape.Experts moe -> {
                        width = Math.max(width, moe.sharedWidth());
                        experts = Math.max(experts, moe.experts());
                        topK = Math.max(topK, moe.router().topK());
                    }
                }
            }
            gate = workspace.f32(rows, width);
            up = workspace.f32(rows, width);
            shared = workspace.f32(rows, config.hidden());
            scores = workspace.f32(rows, experts);
            ids = workspace.i32(rows, topK);
            gates = workspace.f32(rows, topK);
        }
    }
}
