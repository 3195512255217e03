package dev.dllm.model;

/// The shape of self-attention, the same in every layer.
///
/// @param heads      query heads
/// @param kvHeads    key and value heads, a divisor of `heads`
/// @param headDim    width of a head
/// @param bias       whether the query, key and value projections add a bias
/// @param normalized whether every query and key head passes a norm before its rotation
public record AttentionShape(int heads, int kvHeads, int headDim, boolean bias, boolean normalized) {

    public AttentionShape {
        if (heads < 1 || kvHeads < 1 || headDim < 1) {
            throw new IllegalArgumentException(
                    "attention needs sizes of 1 or more; found heads %d, key/value heads %d, head size %d"
                            .formatted(heads, kvHeads, headDim));
        }
        if (heads % kvHeads != 0) {
            throw new IllegalArgumentException(heads + " heads cannot share " + kvHeads + " key/value heads evenly");
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
