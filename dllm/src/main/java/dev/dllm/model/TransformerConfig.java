package dev.dllm.model;

import java.util.List;

/// Everything the forward pass needs to know about a model besides its weights. A family fills it from config.json.
///
/// @param hidden       width of the residual stream
/// @param heads        query heads
/// @param kvHeads      key and value heads, a divisor of `heads`
/// @param headDim      width of a head
/// @param vocabulary   rows of the embedding and columns of the logits; ids from the tokenizer's size on have no text
/// @param normEps      added to the mean of squares in every norm
/// @param rope         rotary embedding; its width is at most `headDim`
/// @param layers       the feed-forward part of each layer
/// @param contextLimit positions the model was made for
public record TransformerConfig(
        int hidden,
        int heads,
        int kvHeads,
        int headDim,
        int vocabulary,
        float normEps,
        Rope rope,
        List<FeedForwardShape> layers,
        int contextLimit) {

    public TransformerConfig {
        layers = List.copyOf(layers);
        if (hidden < 1 || heads < 1 || kvHeads < 1 || headDim < 1 || vocabulary < 1 || contextLimit < 1
                || layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "a transformer needs sizes of 1 or more; found hidden %d, heads %d, key/value heads %d, head size %d, vocabulary %d, layers %d, context %d"
                            .formatted(hidden, heads, kvHeads, headDim, vocabulary, layers.size(), contextLimit));
        }
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException(heads + " heads cannot share " + kvHeads + " key/value heads evenly");
        }
        if (rope.width() > headDim) {
            throw new IllegalArgumentException(
                    "rotary embedding over " + rope.width() + " dimensions of heads of " + headDim);
        }
        if (!(normEps >= 0) || !Float.isFinite(normEps)) {
            throw new IllegalArgumentException("norm epsilon " + normEps + ": needs 0 or a positive number");
        }
    }

    /// Columns of all query heads.
    public int queryWidth() {
        return heads * headDim;
    }

    /// Columns of all key heads, and of all value heads.
    public int keyWidth() {
        return kvHeads * headDim;
    }
}
