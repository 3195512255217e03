package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import java.util.BitSet;

/// The delayed cache (dKV-Cache): the keys and values of a token change most at the call that decodes it, so they are kept
/// one call later. A token decoded at call d is computed as a mask at d, once more as itself at d + 1, and then left out
/// until the next refresh.
///
/// Calls count from 0 in each block. Call 0 computes everything, and so does every `refresh`-th. Every other call computes
/// what was open before the previous one: its masks, those of later blocks, and what the previous call decoded; but call 1
/// of a model that is not shifted computes everything once more. What is open follows from which positions hold masks; a
/// token that a rule revises is seen as it was until the next refresh.
///
/// Of a shifted model a position is open while its own row or the one it predicts is a mask.
///
/// @param refresh    calls between two computations of everything, 1 or more; 1 is exact
/// @param keepPrompt whether the prompt, up to the row that predicts the first mask, is computed at the first call alone.
///                   With a refresh of 1 nothing else is kept (dKV-Cache-Prefill), else it is dKV-Cache-PD
/// @param keepMasks  of shifted models only: whether a position is no longer open once the one it predicts is decoded, even
///                   if it is a mask itself, and is last also while it is one. It is then seen as a mask until the next
///                   refresh (the authors' `un`; without it `un_right`)
/// @see "dKV-Cache, arXiv:2505.15781; horseee/dKV-Cache, generation_utils (decode, prefill, pd)"
public record DelayedCache(int refresh, boolean keepPrompt, boolean keepMasks) implements CachePolicy {

    public DelayedCache {
        requireRefresh(refresh);
    }

    static void requireRefresh(int refresh) {
        if (refresh < 1) {
            throw new IllegalArgumentException("a refresh every " + refresh + " calls: needs 1 or more");
        }
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        if (keepMasks && !shifted) {
            throw new IllegalArgumentException(
                    "cache '" + this + "' keeps masks whose rows predict nothing any more, but here each row predicts its own position");
        }
        return new State() {
            private int blockStart = -1;
            private int keptEnd;
            private int call;
            private BitSet settled = new BitSet();

            @Override
            public ForwardPlan plan(Window window) {
                int seen = window.visibleEnd(pattern);
                boolean first = blockStart < 0;
                if (blockStart != window.blockStart()) {
                    blockStart = window.blockStart();
                    call = 0;
                }
                BitSet now = settled(window, seen);
                BitSet computed = new BitSet(seen);
                computed.set(first ? 0 : keptEnd, seen);
                if (call >= (shifted ? 1 : 2) && call % refresh != 0) {
                    // What a rule has masked again is open again.
                    settled.and(now);
                    computed.andNot(settled);
                }
                if (first && keepPrompt) {
                    keptEnd = Math.max(0, promptEnd(window) - (shifted ? 1 : 0));
                }
                if (computed.isEmpty()) {
                    computed.set(keptEnd, seen);
                }
                settled = now;
                call++;
                return ForwardPlan.at(computed.stream().toArray(), position -> pattern.visibleEnd(position, seen));
            }

            /// Positions that need not be computed again after this call and the next.
            private BitSet settled(Window window, int end) {
                int last = window.length() - 1;
                BitSet positions = new BitSet(end);
                for (int position = 0; position < end; position++) {
                    boolean decoded = !window.masked().test(position);
                    if (!shifted) {
                        positions.set(position, decoded);
                    } else if (position < last) {
                        positions.set(position, (decoded || keepMasks) && !window.masked().test(position + 1));
                    } else {
                        positions.set(position, call > 0 && (keepMasks || position > 0 && positions.get(position - 1)));
                    }
                }
                return positions;
            }

            private int promptEnd(Window window) {
                int end = 0;
                while (end < window.length() && !window.masked().test(end)) {
                    end++;
                }
                return end;
            }

            @Override
            public void applied(boolean edited) {}
        };
    }

    @Override
    public String toString() {
        String name = !keepPrompt ? "dkv:" + refresh : refresh == 1 ? "dkv-prefill" : "dkv-pd:" + refresh;
        return name + (!keepMasks ? "" : name.contains(":") ? ",keep-masks" : ":keep-masks");
    }
}
