package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import java.util.Locale;
import java.util.Optional;

/// The exact cache of models with causal blocks, or with a causal context: keys and values of a block, or of a token, depend on
/// nothing behind it, so they are final once computed from final tokens.
///
/// A call computes everything from the first position that is not yet final to the end of the block; of a shifted model also
/// the position before the block, whose row predicts its first one. Every bit of the result is that of [NoCache]. In a causal
/// context what is final sees less than it saw when it was decoded, so that it is computed once more in any case.
///
/// @param commit    when the keys and values of a finished block are computed
/// @param subBlocks whether calls on a part of the block, once its first position is committed, compute that part alone and
///                  see the rest as it was (Fast-dLLM v2; no longer exact)
/// @see "Block diffusion (BD3-LM), arXiv:2503.09573, section 3; LLaDA2.0 report, arXiv:2512.15745; Fast-dLLM v2, arXiv:2509.26328"
public record BlockCache(Commit commit, boolean subBlocks) implements CachePolicy {

    /// When the keys and values of a finished block are computed.
    public enum Commit {
        /// Together with the first call of the next block, so that the number of calls is that of [NoCache]; not at all if
        /// the block's last call changed nothing.
        MERGED,
        /// As [#MERGED], but for the whole blocks of the prompt, which have a call of their own before the first block.
        PROMPT,
        /// In a call of its own before the next block.
        BEFORE,
        /// In a call of its own after each block, the last one included, and before the first block for a prompt that
        /// fills one. In shifted models and in causal contexts this call commits the first position of the next block.
        AFTER,
        /// As [#AFTER], unless the block's last call changed nothing: then its keys and values are final already.
        CHANGED,
        /// As [#CHANGED], but a prompt is computed together with the first call on the block behind it.
        TRAILING,
        /// As [#CHANGED], with a first call in any case: over the first block, masks and all, if the prompt fills none. For
        /// comparison with dInfer, which throws away what that call proposes.
        PREFILLED
    }

    public BlockCache() {
        this(Commit.MERGED, false);
    }

    @Override
    public boolean predictsNext() {
        return commit == Commit.AFTER || commit == Commit.CHANGED || commit == Commit.TRAILING || commit == Commit.PREFILLED;
    }

    @Override
    public boolean isExact() {
        return !subBlocks;
    }

    @Override
    public boolean allowsDrafts() {
        return true;
    }

    @Override
    public boolean recomputesFinal() {
        return !subBlocks;
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        if (pattern.blocks().isEmpty()) {
            throw new IllegalArgumentException("cache 'block' is exact for block-causal models only; this one is " + pattern
                    + "; accepted here: none");
        }
        boolean causalContext = pattern instanceof AttentionPattern.CausalContext;
        return new State() {
            private int finalEnd;
            private int keptBlockEnd;
            private Window window = new Window(0, 0, 0, 0, 0, 0, _ -> false, _ -> false, () -> new int[0]);
            private boolean opened;
            private boolean part;

            @Override
            public Optional<ForwardPlan> opening(Window next) {
                keptBlockEnd = 0;
                boolean first = !opened;
                opened = true;
                return switch (commit) {
                    case MERGED, TRAILING -> Optional.empty();
                    case PROMPT -> first ? range(finalEnd, next.blockStart()) : Optional.empty();
                    case BEFORE, AFTER, CHANGED -> range(finalEnd, next.blockStart());
                    case PREFILLED -> first && next.blockStart() == 0
                            ? Optional.of(computed(0, next.blockEnd()))
                            : range(finalEnd, next.blockStart());
                };
            }

            @Override
            public ForwardPlan plan(Window now) {
                window = now;
                boolean openFirst = now.masked().test(now.start());
                part = subBlocks && keptBlockEnd == now.blockEnd() && !openFirst;
                keptBlockEnd = now.blockEnd();
                if (part) {
                    return ForwardPlan.range(now.start(), now.end(), position -> pattern.visibleEnd(position, now.blockEnd()));
                }
                int end = Math.min(now.blockEnd(), now.length());
                int predicting = shifted && now.wanted().test(now.active()) ? now.active() - 1 : now.active();
                int from = Math.clamp(predicting, 0, Math.min(finalEnd, end - 1));
                return ForwardPlan.range(from, end, position -> pattern.visibleEnd(position, now.active(), end));
            }

            @Override
            public Optional<ForwardPlan> closing(Window done) {
                return switch (commit) {
                    case MERGED, PROMPT, BEFORE -> Optional.empty();
                    case AFTER -> range(done.blockStart(), done.blockEnd());
                    case CHANGED, TRAILING, PREFILLED -> range(finalEnd, done.blockEnd());
                };
            }

            @Override
            public void applied(boolean edited) {
                finalEnd = edited || part || causalContext ? window.active() : Math.min(window.blockEnd(), window.length());
            }

            private Optional<ForwardPlan> range(int from, int end) {
                if (from >= end) {
                    return Optional.empty();
                }
                finalEnd = end;
                return Optional.of(computed(from, end));
            }

            private ForwardPlan computed(int from, int end) {
                return ForwardPlan.range(from, end, position -> pattern.visibleEnd(position, end, end));
            }
        };
    }

    @Override
    public String toString() {
        boolean plain = commit == Commit.MERGED && !subBlocks;
        return "block" + (plain ? "" : ":" + commit.name().toLowerCase(Locale.ROOT)) + (subBlocks ? ",sub-blocks" : "");
    }
}
