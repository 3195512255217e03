package dev.dllm.reference;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a network looks like.
///
/// @param qkvBias  whether queries, keys and values have biases
/// @param qkNorm   whether each query and key head is normalised
/// @param tiedHead whether the embedding is the head as well
/// @param block    positions per block that sees itself and earlier blocks; 0 if every position sees every one
/// @param layers   the feed-forward part of each layer
record Shape(
        int vocabulary, int hidden, int heads, int kvHeads, int headDim, double eps, Rotary rotary, boolean qkvBias,
        boolean qkNorm, boolean tiedHead, int block, List<FeedForward> layers) {

    Shape withRotary(Rotary rotary) {
        return new Shape(
                vocabulary, hidden, heads, kvHeads, headDim, eps, rotary, qkvBias, qkNorm, tiedHead, block, layers);
    }

    Shape withHeads(int heads, int kvHeads, int headDim) {
        return new Shape(
                vocabulary, hidden, heads, kvHeads, headDim, eps, rotary, qkvBias, qkNorm, tiedHead, block, layers);
    }

    Shape withLayers(List<FeedForward> layers) {
        return new Shape(
                vocabulary, hidden, heads, kvHeads, headDim, eps, rotary, qkvBias, qkNorm, tiedHead, block, layers);
    }

    Shape withBlock(int block) {
        return new Shape(
                vocabulary, hidden, heads, kvHeads, headDim, eps, rotary, qkvBias, qkNorm, tiedHead, block, layers);
    }

    Shape withEps(double eps) {
        return new Shape(
                vocabulary, hidden, heads, kvHeads, headDim, eps, rotary, qkvBias, qkNorm, tiedHead, block, layers);
    }

    Shape withQkvBias() {
        return new Shape(vocabulary, hidden, heads, kvHeads, headDim, eps, rotary, true, qkNorm, tiedHead, block, layers);
    }

    Shape withQkNorm() {
        return new Shape(vocabulary, hidden, heads, kvHeads, headDim, eps, rotary, qkvBias, true, tiedHead, block, layers);
    }

    Shape withTiedHead() {
        return new Shape(vocabulary, hidden, heads, kvHeads, headDim, eps, rotary, qkvBias, qkNorm, true, block, layers);
    }

    /// Rows and columns of every weight, by its name here; vectors have one row.
    Map<String, int[]> weights() {
        Map<String, int[]> all = new LinkedHashMap<>();
        all.put("embedding", new int[] {vocabulary, hidden});
        for (int i = 0; i < layers.size(); i++) {
            String layer = i + ".";
            all.put(layer + "inputNorm", new int[] {1, hidden});
            int[] widths = {heads * headDim, kvHeads * headDim, kvHeads * headDim};
            for (int part = 0; part < 3; part++) {
                all.put(layer + "qkv".charAt(part), new int[] {widths[part], hidden});
                if (qkvBias) {
                    all.put(layer + "qkv".charAt(part) + "Bias", new int[] {1, widths[part]});
                }
            }
            if (qkNorm) {
                all.put(layer + "qNorm", new int[] {1, headDim});
                all.put(layer + "kNorm", new int[] {1, headDim});
            }
            all.put(layer + "o", new int[] {hidden, heads * headDim});
            all.put(layer + "postNorm", new int[] {1, hidden});
            layers.get(i).weights(layer, hidden, all);
        }
        all.put("finalNorm", new int[] {1, hidden});
        if (!tiedHead) {
            all.put("head", new int[] {vocabulary, hidden});
        }
        return all;
    }
}
