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
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
        @Nullable PartBuffers part = rows.leavesRowsOut() ? new PartBuffers(workspace, rows.count(), weights, config) : null;

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
            if (part == null) {
                attend(branch, normed, layer, rows, rows.all(), i, angles, attention);
                ops.addRmsNorm(normed, x, branch, layer.postNorm(), config.normEps());
                feedForward(branch, normed, layer.feedForward(), rows.routingBlocks(), feedForward, i, probe);
            } else {
                ComputedRows computed = choose(normed, layer, rows, i, part);
                Tensor input = part.input(computed);
                Tensor output = part.output(computed);
                computed.gather(ops, input, normed);
                computed.gather(ops, part.angles(computed), angles);
                attend(output, input, layer, rows, computed, i, part.angles(computed), attention);
                complete(branch, output, rows, computed, i, KvCache.LayerOutputs::attention);
                ops.addRmsNorm(normed, x, branch, layer.postNorm(), config.normEps());
                computed.gather(ops, input, normed);
                feedForward(output, input, layer.feedForward(), Indices.of(), feedForward, i, probe);
                complete(branch, output, rows, computed, i, KvCache.LayerOutputs::feedForward);
            }
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
                Tensor own = rows.of(s, x);
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

    /// Asks every sequence's control which rows a layer computes, and stores the values that are renewed before.
    ///
    /// @param normed the normalised stream, all rows
    private ComputedRows choose(Tensor normed, LayerWeights layer, Rows rows, int index, PartBuffers buffers) {
        int[][] computed = new int[rows.batch().size()][];
        for (int s = 0; s < computed.length; s++) {
            SequenceForward sequence = rows.batch().get(s);
            LayerControl control = sequence.plan().control();
            if (!control.leavesRowsOut()) {
                computed[s] = ComputedRows.all(sequence);
                continue;
            }
            int[] renewed = control.renewed(index);
            Tensor input = buffers.input.rows(0, renewed.length);
            ops.gatherRows(input, rows.of(s, normed), Indices.of(renewed));
            Tensor values = values(input, layer, buffers.projected.rows(0, renewed.length));
            KeyValues table = sequence.cache().layer(index);
            computed[s] = control.computed(new LayerView(
                    index, config.attention(), buffers.input.rows(0, 0), table, values, backend));
            int[] slots = sequence.plan().slots();
            ops.scatterRows(table.values(), values, Indices.of(Arrays.stream(renewed).map(row -> slots[row]).toArray()));
        }
        return new ComputedRows(rows.batch(), computed);
    }

    /// The values of some rows alone, which the last projection holds at its end.
    private Tensor values(Tensor x, LayerWeights layer, Tensor projected) {
        Projection last = layer.qkv().getLast();
        Tensor out = projected.columns(0, last.weight().rows());
        ops.linear(out, x, last.weight(), last.bias());
        return out.columns(out.cols() - config.attention().keyWidth(), out.cols());
    }

    /// What a part of a layer adds to all rows: what it computed, and for rows that were left out what it added before.
    ///
    /// @param branch all rows
    /// @param output the computed rows
    private void complete(
            Tensor branch, Tensor output, Rows rows, ComputedRows computed, int layer,
            Function<KvCache.LayerOutputs, Tensor> stored) {
        for (int s = 0; s < rows.batch().size(); s++) {
            SequenceForward sequence = rows.batch().get(s);
            Tensor own = rows.of(s, branch);
            if (sequence.plan().control().leavesRowsOut()) {
                Tensor store = stored.apply(sequence.cache().outputs(layer));
                ops.scatterRows(store, computed.of(s, output), computed.slots(s));
                ops.gatherRows(own, store, Indices.of(sequence.plan().slots()));
            } else {
                ops.gatherRows(own, computed.of(s, output), Indices.of(ComputedRows.all(sequence)));
            }
        }
    }

    /// Self-attention: `out` `[computed rows, hidden]` from the normalised stream `x`.
    private void attend(
            Tensor out, Tensor x, LayerWeights layer, Rows rows, ComputedRows computed, int index, Tensor angles,
            AttentionBuffers all) {
        AttentionBuffers buffers = all.first(computed.count());
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
            Indices slots = computed.slots(s);
            ops.scatterRows(table.keys(), computed.of(s, buffers.keys), slots);
            ops.scatterRows(table.values(), computed.of(s, buffers.values), slots);
            tables.add(table);
        }
        float scale = (float) (1 / Math.sqrt(headDim));
        ops.attention(buffers.mixed, buffers.queries, headDim, tables,
                groups(rows, computed, index, buffers.queries, tables), scale);
        ops.linear(out, buffers.mixed, layer.output(), null);
    }

    /// What every computed row sees in one layer.
    private List<KeyGroup> groups(
            Rows rows, ComputedRows computed, int layer, Tensor queries, List<KeyValues> tables) {
        List<KeyGroup> groups = new ArrayList<>();
        for (int s = 0; s < tables.size(); s++) {
            LayerView view = new LayerView(
                    layer, config.attention(), computed.of(s, queries), tables.get(s), queries.rows(0, 0), backend);
            for (KeyGroup group : rows.batch().get(s).plan().control().groups(computed.groups(s), view)) {
                groups.add(new KeyGroup(
                        computed.firstRow(s) + group.firstRow(), group.rowCount(), s, group.ranges()));
            }
        }
        return groups;
    }

    /// The feed-forward part: `out` `[rows, hidden]` from the normalised stream `x`.
    private void feedForward(
            Tensor out, Tensor x, FeedForward part, Indices routingBlocks, FeedForwardBuffers all, int layer,
            ForwardProbe probe) {
        FeedForwardBuffers buffers = all.first(x.rows());
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
            List<SequenceForward> batch, ComputedRows all, int[] firstRows, int[] positions, int[] tokens, int[] wanted,
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
                    batch, ComputedRows.all(batch), firstRows, positions, tokens, wanted,
                    routingBlockLength == 0 ? Indices.of() : routingBlocks(firstRows, positions, routingBlockLength));
        }

        /// A routing block starts with every sequence, and wherever the next position lies in another block of its sequence, or
        /// before: copies of a block are blocks of their own.
        private static Indices routingBlocks(int[] firstRows, int[] positions, int length) {
            return Indices.of(IntStream.range(0, positions.length)
                    .filter(row -> Arrays.binarySearch(firstRows, row) >= 0
                            || positions[row] <= positions[row - 1]
                            || positions[row] / length != positions[row - 1] / length)
                    .toArray());
        }

        int count() {
            return tokens.length;
        }

        boolean leavesRowsOut() {
            return batch.stream().anyMatch(sequence -> sequence.plan().control().leavesRowsOut());
        }

        /// The rows of one sequence.
        Tensor of(int sequence, Tensor x) {
            return x.rows(firstRows[sequence], firstRows[sequence] + batch.get(sequence).plan().positions().length);
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
            this(workspace.f32(rows, config.attention().queryWidth() + 2 * config.attention().keyWidth()),
                    workspace.f32(rows, config.attention().queryWidth()));
        }

        private AttentionBuffers(Tensor qkv, Tensor mixed) {
            int q = mixed.cols();
            int k = (qkv.cols() - q) / 2;
            this.qkv = qkv;
            this.mixed = mixed;
            queries = qkv.columns(0, q);
            keys = qkv.columns(q, q + k);
            values = qkv.columns(q + k, q + 2 * k);
        }

        /// Room for fewer rows.
        AttentionBuffers first(int rows) {
            return rows == qkv.rows() ? this : new AttentionBuffers(qkv.rows(0, rows), mixed.rows(0, rows));
        }
    }

    /// Where rows are gathered when a layer computes some of them.
    private static final class PartBuffers {
        final Tensor input;
        final Tensor projected;
        private final Tensor output;
        private final Tensor angles;

        PartBuffers(Workspace workspace, int rows, TransformerWeights weights, TransformerConfig config) {
            input = workspace.f32(rows, config.hidden());
            output = workspace.f32(rows, config.hidden());
            angles = workspace.f32(rows, config.rope().width());
            projected = workspace.f32(rows, weights.layers().stream()
                    .mapToInt(layer -> layer.qkv().getLast().weight().rows())
                    .max()
                    .orElse(1));
        }

        Tensor input(ComputedRows computed) {
            return input.rows(0, computed.count());
        }

        Tensor output(ComputedRows computed) {
            return output.rows(0, computed.count());
        }

        Tensor angles(ComputedRows computed) {
            return angles.rows(0, computed.count());
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
            this(workspace.f32(rows, width), workspace.f32(rows, width), workspace.f32(rows, config.hidden()),
                    workspace.f32(rows, experts), workspace.i32(rows, topK), workspace.f32(rows, topK));
        }

        private FeedForwardBuffers(Tensor gate, Tensor up, Tensor shared, Tensor scores, Tensor ids, Tensor gates) {
            this.gate = gate;
            this.up = up;
            this.shared = shared;
            this.scores = scores;
            this.ids = ids;
            this.gates = gates;
        }

        /// Room for fewer rows.
        FeedForwardBuffers first(int rows) {
            return rows == gate.rows()
                    ? this
                    : new FeedForwardBuffers(
                            gate.rows(0, rows), up.rows(0, rows), shared.rows(0, rows), scores.rows(0, rows),
                            ids.rows(0, rows), gates.rows(0, rows));
        }
    }
}
