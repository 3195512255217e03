package dev.dllm.model;

/// One sequence's share of a batched forward.
///
/// @param tokens of the plan's rows. Not copied, not changed
/// @param length of the whole sequence, which [RopeScaling] goes by: where it matters, a cache holds rows of one length only
/// @param plan   what to compute
/// @param cache  the sequence's keys and values, with room for every slot that the plan names
/// @param soft   what the rows' inputs hold besides tokens; the cache has room for it
public record SequenceForward(int[] tokens, int length, ForwardPlan plan, KvCache cache, SoftInputs soft) {

    /// A forward from tokens alone.
    public SequenceForward(int[] tokens, int length, ForwardPlan plan, KvCache cache) {
        this(tokens, length, plan, cache, SoftInputs.NONE);
    }
}
