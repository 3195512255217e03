package dev.dllm.model;

/// What a family reads from a model's files: the network and the facts that decoding needs.
///
/// @param family      name of the family
/// @param transformer the network
/// @param pattern     visibility the model was trained with, in its own block length
/// @param shifted     whether row i of the logits predicts position i + 1 instead of i
/// @param maskId      id of the mask token
/// @param eosIds      ids that end a text, generated tokens only
public record ModelSpec(
        String family,
        TransformerConfig transformer,
        AttentionPattern pattern,
        boolean shifted,
        int maskId,
        int[] eosIds) {

    /// @throws UnsupportedModelException if the mask id has no row in the vocabulary
    public ModelSpec {
        if (maskId < 0 || maskId >= transformer.vocabulary()) {
            throw new UnsupportedModelException(
                    "mask token id " + maskId + " is outside the vocabulary of " + transformer.vocabulary());
        }
    }

    public ModelSpec withTransformer(TransformerConfig transformer) {
        return new ModelSpec(family, transformer, pattern, shifted, maskId, eosIds);
    }
}
