package dev.dllm.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The tensors that a checkpoint keeps weights in. Names of the records' components are without `.weight` at the end and,
/// for those of a layer, without what stands before.
///
/// @param layer     what stands before a layer's number
/// @param qkv       three tensors or one that holds all rows of queries, keys and values
/// @param fused     whether all experts of a layer stand in `mlp.w1`, gate rows before up rows, and `mlp.w2`
record TensorLayout(
        String embedding, String finalNorm, String head, String layer, String inputNorm, List<String> qkv, String qNorm,
        String kNorm, String output, String postNorm, String gate, String up, String down, boolean fused) {

    static final TensorLayout LLADA = new TensorLayout(
            "model.transformer.wte", "model.transformer.ln_f", "model.transformer.ff_out", "model.transformer.blocks.",
            "attn_norm", List.of("q_proj", "k_proj", "v_proj"), "", "", "attn_out", "ff_norm", "ff_proj", "up_proj", "ff_out",
            false);
    static final TensorLayout LLADA2 = new TensorLayout(
            "model.word_embeddings", "model.norm", "lm_head", "model.layers.", "input_layernorm",
            List.of("attention.query_key_value"), "attention.query_layernorm", "attention.key_layernorm", "attention.dense",
            "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", false);
    static final TensorLayout QWEN = new TensorLayout(
            "model.embed_tokens", "model.norm", "lm_head", "model.layers.", "input_layernorm",
            List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"), "self_attn.q_norm", "self_attn.k_norm",
            "self_attn.o_proj", "post_attention_layernorm", "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", false);

    /// The same inside another module than `model`, with another head.
    TensorLayout in(String module, String otherHead) {
        return new TensorLayout(
                embedding.replace("model.", module), finalNorm.replace("model.", module), otherHead, layer.replace("model.", module),
                inputNorm, qkv, qNorm, kNorm, output, postNorm, gate, up, down, fused);
    }

    /// The same with all experts of a layer in two tensors.
    TensorLayout withFusedExperts() {
        return new TensorLayout(
                embedding, finalNorm, head, layer, inputNorm, qkv, qNorm, kNorm, output, postNorm, gate, up, down, true);
    }

    /// A tensor of a checkpoint.
    ///
    /// @param shape as the file states it
    /// @param parts weights of [Shape#weights] whose rows it holds, one after another
    record Stored(String name, long[] shape, List<String> parts) {}

    /// All tensors of a checkpoint.
    List<Stored> tensors(Shape shape) {
        Map<String, int[]> weights = shape.weights();
        List<Stored> all = new ArrayList<>();
        all.add(matrix(weights, embedding + ".weight", "embedding"));
        for (int i = 0; i < shape.layers().size(); i++) {
            String ours = i + ".";
            String theirs = layer + i + ".";
            all.add(vector(weights, theirs + inputNorm + ".weight", ours + "inputNorm"));
            attention(shape, weights, ours, theirs, all);
            all.add(vector(weights, theirs + postNorm + ".weight", ours + "postNorm"));
            switch (shape.layers().get(i)) {
                case FeedForward.Dense _ -> gated(weights, theirs, ours, all);
                case FeedForward.Experts experts -> experts(shape, weights, experts, theirs, ours, all);
            }
        }
        all.add(vector(weights, finalNorm + ".weight", "finalNorm"));
        if (!shape.tiedHead()) {
            all.add(matrix(weights, head + ".weight", "head"));
        }
        return all;
    }

    private void attention(Shape shape, Map<String, int[]> weights, String ours, String theirs, List<Stored> all) {
        if (qkv.size() == 1) {
            all.add(matrix(weights, theirs + qkv.get(0) + ".weight", ours + "q", ours + "k", ours + "v"));
        } else {
            for (int part = 0; part < 3; part++) {
                String weight = ours + "qkv".charAt(part);
                all.add(matrix(weights, theirs + qkv.get(part) + ".weight", weight));
                if (shape.qkvBias()) {
                    all.add(vector(weights, theirs + qkv.get(part) + ".bias", weight + "Bias"));
                }
            }
        }
        if (shape.qkNorm()) {
            all.add(vector(weights, theirs + qNorm + ".weight", ours + "qNorm"));
            all.add(vector(weights, theirs + kNorm + ".weight", ours + "kNorm"));
        }
        all.add(matrix(weights, theirs + output + ".weight", ours + "o"));
    }

    private void gated(Map<String, int[]> weights, String theirs, String ours, List<Stored> all) {
        all.add(matrix(weights, theirs + gate + ".weight", ours + "gate"));
        all.add(matrix(weights, theirs + up + ".weight", ours + "up"));
        all.add(matrix(weights, theirs + down + ".weight", ours + "down"));
    }

    private void experts(
            Shape shape, Map<String, int[]> weights, FeedForward.Experts experts, String theirs, String ours, List<Stored> all) {
        all.add(matrix(weights, theirs + "mlp.gate.weight", ours + "router"));
        if (experts.router().bias()) {
            all.add(vector(weights, theirs + "mlp.gate.expert_bias", ours + "routerBias"));
        }
        List<String> inner = new ArrayList<>();
        List<String> outer = new ArrayList<>();
        for (int e = 0; e < experts.count(); e++) {
            String expert = ours + "expert" + e + ".";
            inner.addAll(List.of(expert + "gate", expert + "up"));
            outer.add(expert + "down");
            if (!fused) {
                plainExpert(weights, theirs + "mlp.experts." + e + ".", expert, all);
            }
        }
        if (fused) {
            long[] innerShape = {experts.count(), 2L * experts.width(), shape.hidden()};
            all.add(new Stored(theirs + "mlp.w1", innerShape, inner));
            all.add(new Stored(theirs + "mlp.w2", new long[] {experts.count(), shape.hidden(), experts.width()}, outer));
        }
        if (experts.sharedWidth() > 0) {
            plainExpert(weights, theirs + "mlp.shared_experts.", ours + "shared.", all);
        }
    }

    private static void plainExpert(Map<String, int[]> weights, String theirs, String ours, List<Stored> all) {
        for (String part : List.of("gate", "up", "down")) {
            all.add(matrix(weights, theirs + part + "_proj.weight", ours + part));
        }
    }

    private static Stored vector(Map<String, int[]> weights, String name, String part) {
        return new Stored(name, new long[] {weights.get(part)[1]}, List.of(part));
    }

    private static Stored matrix(Map<String, int[]> weights, String name, String... parts) {
        long rows = 0;
        for (String part : parts) {
            rows += weights.get(part)[0];
        }
        return new Stored(name, new long[] {rows, weights.get(parts[0])[1]}, List.of(parts));
    }
}
