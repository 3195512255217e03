package dev.dllm.model;

/// One sequence's share of a batched forward.
///
/// @param tokens of the plan's rows. Not copied, not changed
/// @param length of the whole sequence, which [RopeScaling] goes by: where it matters, a cache holds rows of one length only
/// @param plan   what to compute
/// @param cache  the sequence's keys and values, with room for every slot that the plan names
public record SequenceForward(int[] tokens, int length, ForwardPlan plan, KvCache cache) {}
