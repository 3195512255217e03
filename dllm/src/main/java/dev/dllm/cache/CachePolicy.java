package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;

/// Answers two questions per call: which positions are computed, and which positions each of them may see.
///
/// Policies are immutable and thread-safe; a [State] belongs to one sequence.
public sealed interface CachePolicy permits NoCache, BlockCache {

    /// Starts remembering for one sequence.
    State start(AttentionPattern pattern);

    /// What a policy remembers about one sequence: which stored keys and values are still true. Not thread-safe.
    interface State {

        /// Plans the next call on the span `[start, end)` of a canvas of `length` positions; everything before `start` is
        /// final.
        ///
        /// @param wanted ascending positions in the span whose logits are asked for
        ForwardPlan plan(int start, int end, int length, int[] wanted);

        /// Told after every call, before the next plan.
        ///
        /// @param edited whether the call changed any token of the span
        void applied(boolean edited);
    }

    /// The name and arguments that [CachePolicies#parse] reads.
    @Override
    String toString();
}
