package dev.dllm.model;

/// What a family reads from a model's files: the network and the facts that decoding needs.
///
/// @param family      name of the family
/// @param transformer the network
/// @param pattern     visibility the model was trained with, in its own block length
/// @param shifted     whether row i of the logits predicts position i + 1 instead of i
/// @param maskId      id of the mask token, or [#NO_MASK] of a causal model, which verifies but does not denoise
/// @param eosIds      ids that end a text, generated tokens only
public record ModelSpec(
        String family,
        TransformerConfig transformer,
        AttentionPattern pattern,
        boolean shifted,
        int maskId,
        int[] eosIds) {

    /// In the place of a mask token that does not exist.
    public static final int NO_MASK = -1;

    /// @throws UnsupportedModelException if the mask id has no row in the vocabulary
    public ModelSpec {
        if (maskId != NO_MASK && (maskId < 0 || maskId >= transformer.vocabulary())) {
            throw new UnsupportedModelException(
                    "mask token id " + maskId + " is outside the vocabulary of " + transformer.vocabulary());
        }
    }

    /// Whether it predicts masks.
    public boolean denoises() {
        return maskId != NO_MASK;
    }

    public ModelSpec withTransformer(TransformerConfig transformer) {
        return new ModelSpec(family, transformer, pattern, shifted, maskId, eosIds);
    }
}
