package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;

/// Computes everything that the span can see, at every call. The reference that other policies are compared with.
public record NoCache() implements CachePolicy {

    @Override
    public State start(AttentionPattern pattern) {
        return new State() {
            @Override
            public ForwardPlan plan(int start, int end, int[] wanted) {
                return ForwardPlan.range(0, end, position -> pattern.visibleEnd(position, end), wanted);
            }

            @Override
            public void applied(boolean edited) {}
        };
    }

    @Override
    public String toString() {
        return "none";
    }
}
