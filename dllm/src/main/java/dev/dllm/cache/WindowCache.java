package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import java.util.Locale;
import java.util.Optional;

/// Computes a window around the block; what stands outside it is seen as an earlier call stored it. Exact where keys and
/// values depend on nothing that changes later: for block-causal models with [Scope#REST], and for one layer.
///
/// Of a shifted model the row before the window predicts the window's first position. With [Refresh#BLOCK] that position is
/// committed by the full call, whatever its confidence, as Fast-dLLM does; else, or when a rule has masked it again, the window
/// begins one position earlier.
///
/// @param scope   how far the window reaches
/// @param refresh when the rows before it are computed anew
/// @param before  positions before the block that belong to the window, 0 or more
/// @param after   positions behind the block that belong to it, without effect on [Scope#REST]; −1 leaves out the last position
///                of either window, whose row predicts nothing there if the model is shifted: its keys and values then grow old
///                (d2Cache)
/// @param cycle   full calls besides those that `refresh` asks for
/// @see "Fast-dLLM, arXiv:2505.22618 (prefix and dual cache); FlashDLM (FreeCache), arXiv:2505.21467; inclusionAI/dInfer,
///      decoding/generate_uniform.py (vicinity), arXiv:2510.08666; d2Cache, arXiv:2509.23094"
public record WindowCache(Scope scope, Refresh refresh, int before, int after, Cycle cycle) implements CachePolicy {

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

    /// Full calls by the clock.
    ///
    /// @param warmUp calls at the start of the run that compute everything, and whose rows nobody sees again, 0 or more
    /// @param every  iterations after which a full call stores everything anew, counted from the start of the run; 0 for never
    /// @param paired whether a full call that stores is always followed by one on the window, and both are one iteration
    ///               (dInfer)
    /// @param quirks whether to count as dInfer's vicinity loop does: `every` in calls and not in the first block; and it
    ///               forgets for which block it stored first, so that a later block stores twice. For comparison only
    public record Cycle(int warmUp, int every, boolean paired, boolean quirks) {
        /// No such calls.
        public static final Cycle NONE = new Cycle(0, 0, false, false);

        public Cycle {
            if (warmUp < 0 || every < 0) {
                throw new IllegalArgumentException(
                        "warm-up of " + warmUp + " calls and a refresh every " + every + " iterations: need 0 or more");
            }
        }
    }

    public WindowCache {
        if (before < 0 || after < -1 || after < 0 && before == 0) {
            throw new IllegalArgumentException("a window with " + before + " positions before its block and " + after
                    + " behind it: needs 0 or more; 1 or more to leave out the last (-1)");
        }
    }

    /// The block, or what begins with it.
    public WindowCache(Scope scope, Refresh refresh) {
        this(scope, refresh, 0, 0, Cycle.NONE);
    }

    @Override
    public boolean predictsFirst() {
        return refresh == Refresh.BLOCK;
    }

    @Override
    public boolean allowsDrafts() {
        return refresh != Refresh.NEVER && before == 0 && after == 0 && cycle.equals(Cycle.NONE);
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        if (after < 0 && !shifted) {
            throw new IllegalArgumentException("cache '" + this
                    + "' leaves out the last row of its window, which predicts that position of this model: needs 0 behind the block");
        }
        return new Windows(pattern, shifted);
    }

    /// What is stored, and where the clock stands.
    private final class Windows implements State {
        private final AttentionPattern pattern;
        private final boolean shifted;
        private int firstBlock = -1;
        private int lastBlock = -1;
        private int storedFor = -1;
        private int storedEnd;
        private int calls;
        private int iterations;
        private boolean refreshed;

        Windows(AttentionPattern pattern, boolean shifted) {
            this.pattern = pattern;
            this.shifted = shifted;
        }

        @Override
        public Optional<ForwardPlan> opening(Window window) {
            return shifted && refresh == Refresh.BLOCK && before == 0 ? Optional.of(plan(window)) : Optional.empty();
        }

        @Override
        public ForwardPlan plan(Window window) {
            int seen = window.visibleEnd(pattern);
            int block = window.blockStart();
            firstBlock = firstBlock < 0 ? block : firstBlock;
            boolean warming = calls < cycle.warmUp;
            refreshed = !warming && !unfinished() && due(block);
            boolean predicts = shifted && (refresh != Refresh.BLOCK || before == 0 && window.masked().test(block));
            int start = lastBlock >= 0 && lastBlock != block && refresh == Refresh.FINISHED ? lastBlock : block;
            int from = Math.max(0, start - (predicts ? 1 : 0) - before);
            // Rows that no call has stored yet are computed, whatever the window.
            int end = scope == Scope.REST
                    ? seen + Math.min(after, 0)
                    : (int) Math.min(seen, (long) window.blockEnd() + after);
            if (seen > storedEnd) {
                end = seen;
            }
            if (warming || refreshed) {
                from = 0;
                end = seen;
            }
            if (refreshed) {
                storedFor = cycle.quirks && storedEnd == 0 ? -1 : block;
            }
            if (!warming) {
                storedEnd = Math.max(storedEnd, end);
                lastBlock = block;
            }
            calls++;
            iterations += unfinished() ? 0 : 1;
            return ForwardPlan.range(from, end, position -> pattern.visibleEnd(position, seen));
        }

        /// Whether an iteration on a block begins with a full call.
        private boolean due(int block) {
            if (storedEnd == 0) {
                return true;
            }
            if (cycle.quirks && block == firstBlock) {
                return false;
            }
            int clock = cycle.quirks ? calls : iterations;
            return refresh == Refresh.BLOCK && block != storedFor || cycle.every > 0 && clock % cycle.every == 0;
        }

        @Override
        public boolean unfinished() {
            return cycle.paired && refreshed;
        }

        @Override
        public void applied(boolean edited) {}
    }

    @Override
    public String toString() {
        String name = scope == Scope.REST ? "prefix" : "dual";
        if (before > 0 || after != 0 || cycle.warmUp > 0) {
            return name + ":" + refreshName() + "," + cycle.every + "," + before + "," + after + "," + cycle.warmUp;
        }
        return name + (cycle.every > 0
                ? ":" + refreshName() + "," + cycle.every
                : refresh == Refresh.BLOCK ? "" : ":" + refreshName());
    }

    private String refreshName() {
        return refresh.name().toLowerCase(Locale.ROOT);
    }
}
