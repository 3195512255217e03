package dev.dllm.reference;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Small networks in the proportions of the families.
final class Shapes {

    private Shapes() {}

    /// Layers of one kind that rotate whole heads.
    static Shape dense(int vocabulary, int hidden, int heads, int kvHeads, double theta, int layers, int width) {
        int headDim = hidden / heads;
        return new Shape(
                vocabulary, hidden, heads, kvHeads, headDim, 1e-6, Rotary.plain(headDim, theta), false, false, false, 0,
                Collections.nCopies(layers, new FeedForward.Dense(width)));
    }

    /// Two layers of 4 heads over 32, two key heads.
    static Shape dense() {
        return dense(48, 32, 4, 2, 10000, 2, 72);
    }

    /// LLaDA2: half of each head rotates, blocks of 32, the first layer dense.
    static Shape llada2(FeedForward.Experts experts) {
        return dense().withQkNorm().withBlock(32)
                .withHeads(4, 2, 16).withRotary(Rotary.plain(8, 10000))
                .withLayers(layers(1, 72, 2, experts));
    }

    /// LLaDA2 with 16 experts in 4 groups and a shared one.
    static Shape llada2() {
        return llada2(new FeedForward.Experts(16, 8, 8, Router.grouped(4, 4, 2, 2.5)));
    }

    /// The proportions of LLaDA2-flash: 8 query heads per key head, the dense width 2.25 times the hidden one and an expert's
    /// a quarter of it, 4 of 8 groups, 8 experts per token.
    static Shape llada2Flash() {
        return dense(64, 64, 8, 1, 600000, 1, 1).withQkNorm().withBlock(32)
                .withRotary(Rotary.plain(4, 600000))
                .withLayers(layers(1, 144, 3, new FeedForward.Experts(32, 16, 16, Router.grouped(8, 8, 4, 2.5))));
    }

    /// Dense layers, then sparse ones.
    static List<FeedForward> layers(int dense, int width, int sparse, FeedForward.Experts experts) {
        List<FeedForward> layers = new ArrayList<>(Collections.nCopies(dense, new FeedForward.Dense(width)));
        layers.addAll(Collections.nCopies(sparse, experts));
        return layers;
    }
}
