package dev.dllm.model;

/// Inputs between tokens: a row's input may be the embedding of its token plus a part that an earlier forward stored in its slot,
/// which is a multiple of the embedding that the logits of that forward expected there.
///
/// @param rows   of the plan that add the part stored in their slot
/// @param weight factor on the expected embeddings that this forward stores
/// @param slots  where it stores them, one per wanted row of logits; empty to store nothing
/// @see dev.dllm.runtime.Ops#embedExpected
public record SoftInputs(int[] rows, float weight, int[] slots) {
    /// Tokens alone.
    public static final SoftInputs NONE = new SoftInputs(new int[0], 0, new int[0]);
}
