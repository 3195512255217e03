package dev.dllm.model.family;

/// Token ids of released checkpoints whose files do not name them, recognised by their vocabulary.
///
/// @param vocabulary rows of the embedding
/// @param maskId     id of the mask token
/// @param eosIds     ids that end a text
record ReleasedIds(int vocabulary, int maskId, int... eosIds) {}
