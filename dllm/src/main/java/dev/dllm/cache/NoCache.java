package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;

/// Computes everything that the span can see, at every call: up to the end of its block where blocks are causal, the whole
/// canvas with its later masks where attention is bidirectional. The reference that other policies are compared with.
public record NoCache() implements CachePolicy {

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public boolean allowsDrafts() {
        return true;
    }

    @Override
    public boolean recomputesFinal() {
        return true;
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        return new State() {
            @Override
            public ForwardPlan plan(Window window) {
                int seen = window.visibleEnd(pattern);
                return ForwardPlan.range(0, seen, position -> pattern.visibleEnd(position, window.active(), seen));
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
