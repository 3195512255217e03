package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import java.util.Locale;
import java.util.Optional;

/// Computes a window that begins with the block; what stands outside it is seen as an earlier call stored it. Exact where
/// keys and values depend on nothing that changes later: for block-causal models with [Scope#REST], and for one layer.
///
/// Of a shifted model the row before the window predicts the window's first position. With [Refresh#BLOCK] that position is
/// committed by the full call, whatever its confidence, as Fast-dLLM does; else the window begins one position earlier.
///
/// @param scope   how far the window reaches
/// @param refresh when the rows before it are computed anew
/// @see "Fast-dLLM, arXiv:2505.22618 (prefix and dual cache); FlashDLM (FreeCache), arXiv:2505.21467"
public record WindowCache(Scope scope, Refresh refresh) implements CachePolicy {

    /// How far the window reaches.
    public enum Scope {
        /// To the end of what the block can see: everything that may still change is computed at every call.
        REST,
        /// To the end of the block; masks behind it stay as they were stored.
        BLOCK
    }

    /// When the rows before the window are computed anew.
    public enum Refresh {
        /// All of them at the first call on every block.
        BLOCK,
        /// Those of a finished block once, at the first call on the next one; those of the prompt never.
        FINISHED,
        /// Never: the rows of a block stay as its last call computed them, masks where that call committed (FreeCache as
        /// published).
        NEVER
    }

    @Override
    public boolean predictsFirst() {
        return refresh == Refresh.BLOCK;
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        return new State() {
            private int blockStart = -1;
            private int storedEnd;

            @Override
            public Optional<ForwardPlan> opening(Window window) {
                return shifted && refresh == Refresh.BLOCK ? Optional.of(plan(window)) : Optional.empty();
            }

            @Override
            public ForwardPlan plan(Window window) {
                int previous = blockStart;
                blockStart = window.blockStart();
                int seen = window.visibleEnd(pattern);
                boolean next = previous != blockStart;
                boolean all = previous < 0 || next && refresh == Refresh.BLOCK;
                int from = all ? 0 : first(next && refresh == Refresh.FINISHED ? previous : blockStart);
                // Rows that no call has stored yet are computed, whatever the window.
                int end = all || scope == Scope.REST || seen > storedEnd ? seen : window.blockEnd();
                storedEnd = Math.max(storedEnd, end);
                return ForwardPlan.range(from, end, position -> pattern.visibleEnd(position, seen));
            }

            private int first(int position) {
                return shifted && refresh != Refresh.BLOCK ? Math.max(0, position - 1) : position;
            }

            @Override
            public void applied(boolean edited) {}
        };
    }

    @Override
    public String toString() {
        return (scope == Scope.REST ? "prefix" : "dual")
                + (refresh == Refresh.BLOCK ? "" : ":" + refresh.name().toLowerCase(Locale.ROOT));
    }
}
