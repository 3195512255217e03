package dev.dllm.model;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Everything the forward pass needs to know about a model besides its weights. A family fills it from config.json.
///
/// @param hidden       width of the residual stream
/// @param attention    heads, biases and norms of self-attention
/// @param vocabulary   rows of the embedding and columns of the logits; ids from the tokenizer's size on have no text
/// @param tiedHead     whether the embedding is the head as well
/// @param normEps      added to the mean of squares in every norm
/// @param rope         rotary embedding; its width is at most that of a head
/// @param layers       the feed-forward part of each layer
/// @param contextLimit positions the model was made for
public record TransformerConfig(
        int hidden,
        AttentionShape attention,
        int vocabulary,
        boolean tiedHead,
        float normEps,
        Rope rope,
        List<FeedForwardShape> layers,
        int contextLimit) {

    public TransformerConfig {
        layers = List.copyOf(layers);
        if (hidden < 1 || vocabulary < 1 || contextLimit < 1 || layers.isEmpty()) {
            throw new IllegalArgumentException(
                    "a transformer needs sizes of 1 or more; found hidden %d, vocabulary %d, layers %d, context %d"
                            .formatted(hidden, vocabulary, layers.size(), contextLimit));
        }
        if (rope.width() > attention.headDim()) {
            throw new IllegalArgumentException(
                    "rotary embedding over " + rope.width() + " dimensions of heads of " + attention.headDim());
        }
        if (!(normEps >= 0) || !Float.isFinite(normEps)) {
            throw new IllegalArgumentException("norm epsilon " + normEps + ": needs 0 or a positive number");
        }
        if (routingBlockLengths(layers).distinct().count() > 1) {
            throw new IllegalArgumentException("routing blocks of different lengths "
                    + Arrays.toString(routingBlockLengths(layers).toArray()) + ": needs one length in all layers");
        }
    }

    /// Positions per routing block, see [FeedForwardShape#routingBlockLength]; 0 if no layer has routing blocks.
    public int routingBlockLength() {
        return routingBlockLengths(layers).findFirst().orElse(0);
    }

    private static IntStream routingBlockLengths(List<FeedForwardShape> layers) {
        return layers.stream().mapToInt(FeedForwardShape::routingBlockLength).filter(length -> length > 0);
    }

    /// The same network with a larger theta, see [Rope#withThetaScale]; its context grows as far as that reaches.
    public TransformerConfig withThetaScale(double lambda) {
        return new TransformerConfig(
                hidden, attention, vocabulary, tiedHead, normEps, rope.withThetaScale(lambda), layers,
                rope.contextAt(lambda, contextLimit));
    }
}
