package dev.dllm.decode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Draft and verify with one model: the proposals of a call say what the next calls would commit. Drafts with one, two, … of
/// them written are computed together, and the run goes on from the last draft that is what the drafts before it lead to.
///
/// One mask per step comes out, to the bit, as if every call had committed the surest mask alone. It takes fewer calls, which
/// compute more. With a threshold, a step commits all masks of at least this confidence, or the surest if there is none; a draft
/// then counts if a step leads to what it holds, though the step would write more: close to what one step per call makes.
///
/// The first call on a block proposes and writes nothing, unless a cache makes a call of its own there. The last mask of a
/// block is written without asking again.
///
/// @param drafts    tried in a call, each with one proposal more than the one before, 1 or more
/// @param detours   drafts besides, each leaves out a proposal or more before its last one; the most probable of them are tried.
///                  0 or more
/// @param threshold confidence from which a step commits every mask; positive infinity for the surest mask alone
/// @param eager     whether drafts reach into as many following blocks as they could fill, nearer blocks first. What fills a block
///                  is then taken with one step on top, and later drafts come from older proposals, so that it is no longer what one
///                  step per call makes
/// @see "FreeDave, arXiv:2510.00294; cychomatica/FreeDave, generation/core.py; SSD (detours), arXiv:2510.04147"
public record SelfSpeculation(int drafts, int detours, float threshold, boolean eager) implements Unmasking {

    /// Drafts beyond this would be computed for nothing.
    private static final int MOST = 1 << 12;

    public SelfSpeculation {
        if (drafts < 1 || drafts > MOST || detours < 0 || detours > MOST) {
            throw new IllegalArgumentException(
                    drafts + " drafts and " + detours + " detours: needs 1 to " + MOST + ", and 0 to " + MOST);
        }
        if (Float.isNaN(threshold)) {
            throw new IllegalArgumentException("confidence threshold " + threshold + ": needs a number");
        }
    }

    /// One mask per step.
    public SelfSpeculation(int drafts, int detours) {
        this(drafts, detours, Float.POSITIVE_INFINITY, false);
    }

    @Override
    public void requireFits(DecodeSettings settings, boolean shifted) {
        Drafted.requireFits(this, settings);
    }

    @Override
    public boolean watchesOpening() {
        return true;
    }

    /// What a call proposes for a mask.
    ///
    /// @param confidence with what nearer blocks are ahead
    private record Guess(int position, int token, float probability, double confidence) {}

    @Override
    public int copiedRows(int planned, int span) {
        return Math.multiplyExact(Math.addExact(drafts, detours), Math.max(planned, span));
    }

    @Override
    public boolean looksBeyondSpan() {
        return eager;
    }

    @Override
    public State start() {
        return new Drafting();
    }

    private final class Drafting implements State {
        private Span block = new Span(0, 1);
        private Span window = block;
        private List<Guess> kept = List.of();
        private boolean written;
        private List<int[]> tried = List.of();
        private int open;

        @Override
        public boolean wants(Canvas canvas, Span span, int position) {
            return canvas.isMasked(position) && window(canvas, span).contains(position);
        }

        @Override
        public void opened(Step step) {
            enter(step);
            kept = guesses(step.candidates(), step.canvas().copy(window.start(), window.end()), step.canvas().maskId());
            written = true;
        }

        @Override
        public Optional<Copies> copies(Canvas canvas, Span span) {
            tried = new ArrayList<>();
            List<Guess> guesses = span.equals(block)
                    ? open(kept, canvas.copy(window.start(), window.end()), canvas.maskId())
                    : List.of();
            if (guesses.isEmpty()) {
                kept = List.of();
                return Optional.empty();
            }
            int first = written ? 0 : step(guesses);
            int end = Math.min(first + Math.min(drafts, guesses.size()), guesses.size() + 1);
            for (int filled = first; filled < end; filled++) {
                tried.add(with(canvas.copy(window.start(), window.end()), guesses.subList(0, filled)));
            }
            detours(guesses, first, end).forEach(chosen -> tried.add(with(canvas.copy(window.start(), window.end()), chosen)));
            tried.sort(Comparator.comparingInt(draft -> -masks(draft, draft.length, canvas.maskId())));
            return Optional.of(new Copies.Drafts(window, tried));
        }

        @Override
        public void decide(Step step, Edits edits) {
            Canvas canvas = step.canvas();
            int[] result;
            if (tried.isEmpty()) {
                enter(step);
                result = canvas.copy(window.start(), window.end());
                kept = guesses(step.candidates(), result, canvas.maskId());
            } else {
                result = accepted(step);
            }
            written = false;
            if (masks(result, block.length(), canvas.maskId()) <= 1 && window.equals(block)) {
                result = with(result, kept);
            }
            for (int position = window.start(); position < window.end(); position++) {
                if (result[position - window.start()] != canvas.token(position)) {
                    edits.add(position, result[position - window.start()]);
                }
            }
            // A block that was full when it was entered is over, whatever its window holds; so is one whose proposals have all been taken.
            boolean full = masks(result, block.length(), canvas.maskId()) == 0;
            boolean over = full && (tried.isEmpty() || open(kept, result, canvas.maskId()).isEmpty());
            open = over ? 0 : masks(result, result.length, canvas.maskId());
            if (open == 0) {
                kept = List.of();
            }
        }

        @Override
        public boolean another(Pacing pacing, int masks, BlockProgress progress) {
            return pacing.another(masks, progress) || open > 0 && progress.span().equals(block);
        }

        /// What detours write: a draft's proposals and one that is not the next, the most probable of all such choices.
        private List<List<Guess>> detours(List<Guess> guesses, int first, int end) {
            record Detour(int filled, int last, double probability) {}
            List<Detour> all = new ArrayList<>();
            double probability = 1;
            for (int filled = 0; filled < end && detours > 0; filled++) {
                for (int last = filled + 1; last < guesses.size() && filled >= first; last++) {
                    all.add(new Detour(filled, last, probability * guesses.get(last).probability));
                }
                probability *= filled < guesses.size() ? guesses.get(filled).probability : 1;
            }
            return all.stream()
                    .sorted(Comparator.comparingDouble(Detour::probability).reversed())
                    .limit(detours)
                    .map(detour -> Stream.concat(
                                    guesses.subList(0, detour.filled).stream(), Stream.of(guesses.get(detour.last)))
                            .toList())
                    .toList();
        }

        private void enter(Step step) {
            block = step.progress().span();
            window = window(step.canvas(), block);
        }

        /// Where drafts write: the block, and those behind it that they could fill.
        private Span window(Canvas canvas, Span span) {
            long ahead = eager ? (long) Math.ceilDiv(drafts, span.length()) * span.length() : 0;
            return new Span(span.start(), (int) Math.min(span.end() + ahead, Math.max(span.end(), canvas.length())));
        }

        /// The window that the call leads to; keeps what it proposes next.
        private int[] accepted(Step step) {
            int maskId = step.canvas().maskId();
            int draft = 0;
            int[] next;
            List<Guess> guesses;
            while (true) {
                guesses = guesses(step.copies().get(draft), tried.get(draft), maskId);
                next = with(tried.get(draft).clone(), guesses.subList(0, step(guesses)));
                int later = tried.size() - 1;
                while (later > draft && !(holds(next, tried.get(later), maskId)
                        && holds(tried.get(later), tried.get(draft), maskId))) {
                    later--;
                }
                if (later == draft) {
                    break;
                }
                draft = later;
            }
            if (eager && masks(tried.get(draft), block.length(), maskId) == 0) {
                return next;
            }
            kept = guesses;
            return tried.get(draft);
        }

        /// How many of the guesses, which are in order, a step commits.
        private int step(List<Guess> guesses) {
            double ahead = guesses.stream().mapToDouble(guess -> blocksBehind(guess.position)).max().orElse(0);
            int above = (int) guesses.stream().filter(guess -> guess.confidence >= threshold + ahead).count();
            return Math.clamp(above, Math.min(1, guesses.size()), guesses.size());
        }

        /// The proposals for masks of a window, the surest first.
        private List<Guess> guesses(Candidates candidates, int[] tokens, int maskId) {
            return IntStream.range(0, candidates.size())
                    .filter(i -> tokens[candidates.position(i) - window.start()] == maskId)
                    .mapToObj(i -> new Guess(
                            candidates.position(i), candidates.token(i), candidates.probability(i),
                            (double) candidates.confidence(i) + blocksBehind(candidates.position(i))))
                    .sorted(Comparator.comparingDouble(Guess::confidence).reversed())
                    .toList();
        }

        /// The guesses for what a window still masks.
        private List<Guess> open(List<Guess> guesses, int[] tokens, int maskId) {
            return guesses.stream().filter(guess -> tokens[guess.position - window.start()] == maskId).toList();
        }

        private int blocksBehind(int position) {
            return Math.ceilDiv(window.length(), block.length()) - 1 - (position - block.start()) / block.length();
        }

        private int[] with(int[] tokens, List<Guess> guesses) {
            guesses.forEach(guess -> tokens[guess.position - window.start()] = guess.token);
            return tokens;
        }
    }

    /// Whether everything that a draft holds stands in a window.
    private static boolean holds(int[] result, int[] draft, int maskId) {
        return IntStream.range(0, draft.length).allMatch(i -> draft[i] == maskId || draft[i] == result[i]);
    }

    private static int masks(int[] tokens, int end, int maskId) {
        return (int) IntStream.range(0, end).filter(i -> tokens[i] == maskId).count();
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        if (detours > 0 && Float.isInfinite(threshold) && !eager) {
            return "ssd:" + drafts + "," + detours;
        }
        return "freedave:" + drafts + (Float.isInfinite(threshold) && !eager && detours == 0 ? "" : "," + threshold)
                + (!eager && detours == 0 ? "" : "," + detours) + (eager ? ",eager" : "");
    }
}
