package dev.dllm.embed;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Passage;
import dev.dllm.RequestLimits;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.NonFiniteLogitsException;
import dev.dllm.model.TransformerConfig;
import dev.dllm.model.WholeSequences;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/// Turns texts into vectors: hidden states behind the final norm, pooled over the tokens of a text. The text is seen as it
/// is, without any mask. How well such vectors compare by cosine depends on whether the model was tuned for it.
///
/// ```java
/// try (Embedder embedder = new Embedder(model)) {
///     float[] vector = embedder.embed(List.of(model.passage("A sentence.")), Pooling.MEAN, true).getFirst();
/// }
/// ```
///
/// A vector is the same, to the last bit, alone or in any batch. Owns the memory of its network calls; the weights are the
/// model's. Not thread-safe: one per thread.
///
/// @see "Zhang et al. 2025, Diffusion vs. Autoregressive Language Models: A Text Embedding Perspective, arXiv:2505.15045"
public final class Embedder implements AutoCloseable {
    private final LanguageModel model;
    private final WholeSequences sequences;
    private final Workspace workspace;

    /// Embeds with the attention that the model was trained with. Close it before the model.
    public Embedder(LanguageModel model) {
        this(model, model.spec().pattern());
    }

    /// Embeds with another attention.
    public Embedder(LanguageModel model, AttentionPattern attention) {
        this.model = model;
        this.sequences = new WholeSequences(model.backend(), model.spec().transformer(), attention);
        this.workspace = new Workspace(model.backend());
    }

    /// Length of the vectors.
    public int width() {
        return model.spec().transformer().hidden();
    }

    /// Embeds texts together, in one network call.
    ///
    /// @param passages  texts; the prompt of each, an instruction for example, is seen and not pooled
    /// @param normalize whether vectors are scaled to length 1, so that their products are cosines
    /// @return one vector per text, in order
    /// @throws InvalidRequestException if a text is empty or does not fit the model; then nothing has been computed
    public List<float[]> embed(List<Passage> passages, Pooling pooling, boolean normalize) {
        TransformerConfig config = model.spec().transformer();
        for (Passage passage : passages) {
            RequestLimits.requirePassage(config, "text", passage);
        }
        RequestLimits.requireMemory(config, passages.stream().mapToLong(Passage::length).sum(), 0);
        if (passages.isEmpty()) {
            return List.of();
        }
        sequences.clear();
        for (Passage passage : passages) {
            int[] tokens = passage.allIds();
            sequences.add(tokens, tokens.length, pooling.positions(passage));
        }
        Tensor states = model.transformer().hiddenStates(sequences.batch(), workspace);
        List<float[]> vectors = new ArrayList<>();
        int row = 0;
        for (Passage passage : passages) {
            int end = row + pooling.positions(passage).length;
            vectors.add(vector(states.rows(row, end), normalize));
            row = end;
        }
        return vectors;
    }

    /// Frees the memory. Idempotent.
    @Override
    public void close() {
        sequences.close();
        workspace.close();
    }

    /// The mean of some rows, in float64, scaled to length 1 if asked.
    private float[] vector(Tensor states, boolean normalize) {
        double[] sums = new double[states.cols()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(ValueLayout.JAVA_FLOAT, (long) states.rows() * states.cols());
            model.backend().download(host, states);
            for (int row = 0; row < states.rows(); row++) {
                for (int i = 0; i < sums.length; i++) {
                    sums[i] += host.getAtIndex(ValueLayout.JAVA_FLOAT, (long) row * sums.length + i);
                }
            }
        }
        double length = Math.sqrt(DoubleStream.of(sums).map(x -> x * x).sum());
        if (!Double.isFinite(length)) {
            throw new NonFiniteLogitsException("hidden states are not finite: the checkpoint holds NaN or infinite weights, "
                    + "or the computation overflowed");
        }
        double divisor = normalize && length > 0 ? length : states.rows();
        float[] vector = new float[sums.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (sums[i] / divisor);
        }
        return vector;
    }
}
