package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/// dKV-Cache-Greedy: where the rule knows its order, a call computes little more than what it decodes, what the previous call
/// decoded, and masks nearby. Everything else is seen as it was stored, masks included.
///
/// Calls count from 0 in each block; call 0 and every `refresh`-th compute everything.
///
/// @param refresh calls between two computations of everything, 1 or more; 1 is exact
/// @param nearby  masks computed around each position that the call decodes, alternately left and right of it; 0 or more
/// @see "dKV-Cache, arXiv:2505.15781; horseee/dKV-Cache, generation_utils/llada_dkv_cache_greedy.py"
public record GreedyCache(int refresh, int nearby) implements CachePolicy {

    public GreedyCache {
        DelayedCache.requireRefresh(refresh);
        if (nearby < 0) {
            throw new IllegalArgumentException(nearby + " masks nearby: needs 0 or more");
        }
    }

    @Override
    public boolean needsOrder() {
        return true;
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        if (shifted) {
            throw new IllegalArgumentException("cache '" + this + "' computes the positions that are decoded next, but here "
                    + "they are predicted by the rows before them; accepted here: none, prefix, dual, dkv");
        }
        return new State() {
            private int blockStart = -1;
            private int call;
            private int[] decoded = {};

            @Override
            public ForwardPlan plan(Window window) {
                int seen = window.visibleEnd(pattern);
                if (blockStart != window.blockStart()) {
                    blockStart = window.blockStart();
                    call = 0;
                }
                int[] next = window.next().get();
                BitSet computed = new BitSet(seen);
                if (call % refresh != 0) {
                    Arrays.stream(decoded).forEach(computed::set);
                    Arrays.stream(next).forEach(computed::set);
                    Arrays.stream(next).forEach(position -> addNearby(computed, position, seen, window.masked()));
                }
                if (computed.isEmpty()) {
                    computed.set(0, seen);
                }
                decoded = next;
                call++;
                return ForwardPlan.at(computed.stream().toArray(), position -> pattern.visibleEnd(position, seen));
            }

            private void addNearby(BitSet computed, int position, int end, IntPredicate masked) {
                int added = 0;
                for (int distance = 1; position - distance >= 0 || position + distance < end; distance++) {
                    for (int probe : new int[] {position - distance, position + distance}) {
                        if (added < nearby && probe >= 0 && probe < end && masked.test(probe) && !computed.get(probe)) {
                            computed.set(probe);
                            added++;
                        }
                    }
                }
            }

            @Override
            public void applied(boolean edited) {}
        };
    }

    @Override
    public String toString() {
        return "dkv-greedy:" + refresh + "," + nearby;
    }
}
