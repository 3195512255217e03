package dev.dllm.model.family;

import dev.dllm.model.AttentionShape;
import dev.dllm.model.FeedForward;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.LayerWeights;
import dev.dllm.model.Projection;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.TransformerWeights;
import dev.dllm.model.WeightLoader;
import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Takes the weights of pre-norm decoder layers out of a checkpoint, under whatever names they have there.
final class DecoderLoader {
    private final TransformerConfig config;
    private final TensorNames names;
    private final WeightLoader weights;

    private DecoderLoader(TransformerConfig config, TensorNames names, WeightLoader weights) {
        this.config = config;
        this.names = names;
        this.weights = weights;
    }

    /// @throws dev.dllm.checkpoint.CheckpointException if a tensor is missing or does not fit the configuration
    static TransformerWeights load(TransformerConfig config, TensorNames names, WeightLoader weights) {
        return new DecoderLoader(config, names, weights).load();
    }

    private TransformerWeights load() {
        List<LayerWeights> layers = new ArrayList<>();
        for (int i = 0; i < config.layers().size(); i++) {
            layers.add(layer(names.layers() + i + ".", config.layers().get(i)));
        }
        weights.requireNone(
                names.layers() + config.layers().size() + "." + names.inputNorm() + ".weight",
                config.layers().size() + " layers only");
        return new TransformerWeights(
                weights.table(names.embedding() + ".weight", config.vocabulary(), config.hidden()),
                layers,
                weights.norm(names.finalNorm() + ".weight", config.hidden()),
                linear(config.tiedHead() ? names.embedding() : names.head(), config.vocabulary(), config.hidden()));
    }

    private LayerWeights layer(String prefix, FeedForwardShape shape) {
        AttentionShape attention = config.attention();
        return new LayerWeights(
                weights.norm(prefix + names.inputNorm() + ".weight", config.hidden()),
                qkv(prefix),
                attention.normalized() ? weights.norm(prefix + names.queryNorm() + ".weight", attention.headDim()) : null,
                attention.normalized() ? weights.norm(prefix + names.keyNorm() + ".weight", attention.headDim()) : null,
                linear(prefix + names.output(), config.hidden(), attention.queryWidth()),
                weights.norm(prefix + names.postNorm() + ".weight", config.hidden()),
                switch (shape) {
                    case FeedForwardShape.Dense dense -> new FeedForward.Dense(
                            linear(prefix + names.gate(), dense.width(), config.hidden()),
                            linear(prefix + names.up(), dense.width(), config.hidden()),
                            linear(prefix + names.down(), config.hidden(), dense.width()));
                    case FeedForwardShape.Experts experts -> mixture(prefix, experts);
                });
    }

    private List<Projection> qkv(String prefix) {
        int query = config.attention().queryWidth();
        int key = config.attention().keyWidth();
        int[] widths = names.qkv().size() == 1 ? new int[] {query + 2 * key} : new int[] {query, key, key};
        return IntStream.range(0, widths.length)
                .mapToObj(i -> projection(prefix + names.qkv().get(i), widths[i]))
                .toList();
    }

    private Projection projection(String name, int outputs) {
        return new Projection(
                linear(name, outputs, config.hidden()),
                config.attention().bias() ? weights.widened(name + ".bias", outputs) : null);
    }

    private FeedForward mixture(String prefix, FeedForwardShape.Experts shape) {
        return new FeedForward.MixtureOfExperts(
                linear(prefix + "mlp.gate", shape.experts(), config.hidden()),
                names.routerBias() == null ? null : weights.widened(prefix + names.routerBias(), shape.experts()),
                shape.router(),
                weights.has(prefix + "mlp.w1") ? fusedExperts(prefix, shape) : experts(prefix, shape),
                shape.sharedWidth() == 0 ? null : gated(prefix + "mlp.shared_experts.", shape.sharedWidth()));
    }

    private ExpertWeights experts(String prefix, FeedForwardShape.Experts shape) {
        List<FeedForward.Dense> experts = IntStream.range(0, shape.experts())
                .mapToObj(e -> gated(prefix + "mlp.experts." + e + ".", shape.width()))
                .toList();
        return new ExpertWeights(
                experts.stream().map(FeedForward.Dense::gate).toList(),
                experts.stream().map(FeedForward.Dense::up).toList(),
                experts.stream().map(FeedForward.Dense::down).toList());
    }

    /// The form that serving engines write: `w1` `[experts, 2 · width, hidden]`, each expert's gate before its up rows, and
    /// `w2` `[experts, hidden, width]`.
    private ExpertWeights fusedExperts(String prefix, FeedForwardShape.Experts shape) {
        List<Weight> halves = weights.stacked(prefix + "mlp.w1", 2 * shape.experts(), shape.width(), config.hidden());
        return new ExpertWeights(
                IntStream.range(0, shape.experts()).mapToObj(e -> halves.get(2 * e)).toList(),
                IntStream.range(0, shape.experts()).mapToObj(e -> halves.get(2 * e + 1)).toList(),
                weights.stacked(prefix + "mlp.w2", shape.experts(), config.hidden(), shape.width()));
    }

    private FeedForward.Dense gated(String prefix, int width) {
        return new FeedForward.Dense(
                linear(prefix + "gate_proj", width, config.hidden()),
                linear(prefix + "up_proj", width, config.hidden()),
                linear(prefix + "down_proj", config.hidden(), width));
    }

    private Weight linear(String name, int rows, int cols) {
        return weights.linear(name + ".weight", rows, cols);
    }
}
