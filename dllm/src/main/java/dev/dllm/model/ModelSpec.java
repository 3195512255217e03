package dev.dllm.model;

import java.util.OptionalInt;

/// What a family reads from a model's files: the network and the facts that decoding needs.
///
/// @param family      name of the family
/// @param transformer the network
/// @param pattern     visibility the model was trained with, in its own block length
/// @param shifted     whether row i of the logits predicts position i + 1 instead of i
/// @param maskId      id of the mask token, or [#NO_MASK] of a causal model, which verifies but does not denoise
/// @param eosIds      ids that end a text, generated tokens only
/// @param editIds     ids that change the length of the text
public record ModelSpec(
        String family,
        TransformerConfig transformer,
        AttentionPattern pattern,
        boolean shifted,
        int maskId,
        int[] eosIds,
        EditIds editIds) {

    /// Tokens that are not text: they say that the text is to become longer or shorter where they stand.
    ///
    /// @param expand becomes two masks (DreamOn)
    /// @param delete removes its position (LLaDA2.2)
    /// @param split  inserts a mask before the token that stood at its position (LLaDA2.2)
    public record EditIds(OptionalInt expand, OptionalInt delete, OptionalInt split) {
        /// A model of texts that keep their length.
        public static final EditIds NONE = new EditIds(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

        /// These ids if there are any, else those of a model that removes and inserts.
        ///
        /// @param rule what messages call the rule that needs them
        /// @throws IllegalArgumentException if neither names both
        public EditIds orThoseOf(ModelSpec model, String rule) {
            EditIds chosen = delete.isPresent() || split.isPresent() ? this : model.editIds;
            if (chosen.delete.isEmpty() || chosen.split.isEmpty()) {
                throw new IllegalArgumentException("rule '" + rule + "' needs a model whose config.json names delete_token_id and "
                        + "split_token_id; this one does not");
            }
            return chosen;
        }
    }

    /// A model without tokens that change the length of a text.
    public ModelSpec(
            String family, TransformerConfig transformer, AttentionPattern pattern, boolean shifted, int maskId, int[] eosIds) {
        this(family, transformer, pattern, shifted, maskId, eosIds, EditIds.NONE);
    }

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
        return new ModelSpec(family, transformer, pattern, shifted, maskId, eosIds, editIds);
    }

    public ModelSpec withEditIds(EditIds editIds) {
        return new ModelSpec(family, transformer, pattern, shifted, maskId, eosIds, editIds);
    }
}
