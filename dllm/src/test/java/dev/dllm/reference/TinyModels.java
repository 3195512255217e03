package dev.dllm.reference;

import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// Every family as a random network of a few layers and 48 tokens, written and loaded as a user would load it.
public final class TinyModels {
    private static final FeedForward.Experts SOFTMAX = new FeedForward.Experts(8, 24, 0, Router.softmax(3, false));
    private static final FeedForward.Experts NORMALIZED = new FeedForward.Experts(8, 24, 0, Router.softmax(3, true));
    private static final FeedForward.Experts GROUPED = new FeedForward.Experts(16, 8, 8, Router.grouped(4, 4, 2, 2.5));
    /// Routing blocks of 4 positions.
    private static final FeedForward.Experts PER_BLOCK = new FeedForward.Experts(12, 8, 8, Router.perBlock(2, 1, 4, 3));

    private TinyModels() {}

    /// @param layers    1 or more; networks of experts consist of such layers, but LLaDA2's first of several is dense
    /// @param directory receives the checkpoint
    public static LanguageModel load(Family family, int layers, long seed, Path directory) throws IOException {
        Shape shape = shape(family, layers);
        TinyCheckpoint checkpoint = TinyCheckpoint.random(family, shape, seed);
        if (family == Family.DREAM) {
            // As DreamOn, whose canvases change their length.
            checkpoint = checkpoint.withConfig(Map.of("expand_token_id", shape.vocabulary() - 5));
        }
        return LanguageModel.load(
                checkpoint.write(directory.resolve(family + "-" + layers + "-" + seed)), LoadOptions.defaults().withThreads(1));
    }

    private static Shape shape(Family family, int layers) {
        Shape dense = Shapes.dense().withLayers(Collections.nCopies(layers, new FeedForward.Dense(72)));
        return switch (family) {
            case LLADA, ILLADA -> dense;
            case DREAM -> dense.withQkvBias();
            case SDLM -> dense.withQkvBias().withBlock(4);
            case NEMOTRON -> dense.withBlock(8);
            case SDAR -> dense.withQkNorm().withBlock(8);
            case LLADA_MOE -> dense.withQkNorm().withLayers(Collections.nCopies(layers, SOFTMAX));
            case SDAR_MOE -> dense.withQkNorm().withBlock(8).withLayers(Collections.nCopies(layers, SOFTMAX));
            case RND1 -> dense.withQkNorm().withLayers(Collections.nCopies(layers, NORMALIZED));
            case LLADA2 -> Shapes.llada2().withLayers(llada2(layers, GROUPED));
            case LLADA22 -> Shapes.llada2().withLayers(llada2(layers, PER_BLOCK));
        };
    }

    private static List<FeedForward> llada2(int layers, FeedForward.Experts experts) {
        int dense = layers > 1 ? 1 : 0;
        return Shapes.layers(dense, 72, layers - dense, experts);
    }
}
