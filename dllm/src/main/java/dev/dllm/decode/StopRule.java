package dev.dllm.decode;

import java.util.Arrays;
import java.util.OptionalInt;

/// When a text is over before its generation length. An EOS that is given, or that text is given behind, ends nothing.
///
/// @param eosIds       tokens that end a text; owned, not copied
/// @param afterBlock   stop after a block if the generated part holds an EOS
/// @param whenComplete stop inside a block as soon as no mask stands before the first EOS
/// @param fill         what becomes of positions behind an EOS
/// @param llada2Quirks look for `whenComplete` as LLaDA2.0's reference does: only when a call wrote an EOS, and from
///                     the start of the prompt, which makes the output empty if that holds an EOS. For comparison only
/// @param dinferQuirks look for `afterBlock` as dInfer does: in the prompt's share of the block too. For comparison only
public record StopRule(
        int[] eosIds, boolean afterBlock, boolean whenComplete, Fill fill, boolean llada2Quirks, boolean dinferQuirks) {

    /// What becomes of positions behind an EOS.
    public enum Fill {
        /// They are decided as all others are.
        NONE,
        /// Masks behind the first EOS of the generated part stay masks. Needs a stop when the text is complete (d2Cache's
        /// stop_until_eos).
        LEFT,
        /// An EOS is written to every position behind the block after which the run has stopped. The text is the same; only the canvas
        /// shows it (dInfer's early_stop).
        STOPPED,
        /// After each call the first EOS of the generated part is written to every position behind it, committed or not, so that
        /// nothing behind it is decoded and masks before it see it (FlashDLM's early_stop).
        BEHIND
    }

    public StopRule {
        if (fill == Fill.LEFT && !whenComplete) {
            throw new IllegalArgumentException(
                    "a stop rule that leaves masks behind an EOS but goes on: needs to stop when the text is complete");
        }
    }

    /// A rule that fills nothing, without dInfer's quirks.
    public StopRule(int[] eosIds, boolean afterBlock, boolean whenComplete, boolean llada2Quirks) {
        this(eosIds, afterBlock, whenComplete, Fill.NONE, llada2Quirks, false);
    }

    /// No token ends a text.
    public static StopRule never() {
        return new StopRule(new int[0], false, false, false);
    }

    /// Stops after the block that holds an EOS.
    public static StopRule afterBlock(int... eosIds) {
        return new StopRule(eosIds, true, false, false);
    }

    /// Stops as soon as nothing before an EOS is masked; what stands behind it becomes EOS at once.
    public static StopRule filling(int... eosIds) {
        return new StopRule(eosIds, false, true, Fill.BEHIND, false, false);
    }

    /// Stops as soon as nothing before an EOS is masked; masks behind it stay.
    public static StopRule leaving(int... eosIds) {
        return new StopRule(eosIds, false, true, Fill.LEFT, false, false);
    }

    /// The same rule for other tokens.
    public StopRule withEosIds(int... eosIds) {
        return new StopRule(eosIds, afterBlock, whenComplete, fill, llada2Quirks, dinferQuirks);
    }

    public boolean isEos(int token) {
        return Arrays.stream(eosIds).anyMatch(id -> id == token);
    }

    /// The first generated position before `end` that holds an EOS, behind all given text.
    OptionalInt firstEos(Canvas canvas, int end) {
        return firstEos(canvas, canvas.givenEnd(), end);
    }

    /// Where the positions begin whose masks are left as they are.
    int restStart(Canvas canvas) {
        return fill == Fill.LEFT ? firstEos(canvas, canvas.length()).orElse(canvas.length()) : canvas.length();
    }

    /// Whether the run is over after a block.
    boolean endsAfter(Canvas canvas, Span block) {
        if (!afterBlock) {
            return false;
        }
        boolean given = false;
        for (int position = block.start(); dinferQuirks && position < canvas.promptLength(); position++) {
            given |= isEos(canvas.token(position));
        }
        return given || firstEos(canvas, block.end()).isPresent();
    }

    /// Writes what `fill` asks for behind the last block of the run.
    void fillBehind(Canvas canvas, Span block, Edits edits) {
        for (int position = block.end(); fill == Fill.STOPPED && position < canvas.length(); position++) {
            if (!canvas.isFixed(position)) {
                edits.add(position, eosIds[0]);
            }
        }
    }

    /// Adds to what a call writes what `fill` asks for.
    void fillBehindEos(Canvas canvas, Edits edits) {
        if (fill != Fill.BEHIND || edits.rebuilt() != null) {
            return;
        }
        int[] tokens = canvas.copy(0, canvas.length());
        for (int i = 0; i < edits.size(); i++) {
            tokens[edits.position(i)] = edits.token(i);
        }
        edits.clear();
        int eos = -1;
        int start = canvas.givenEnd();
        for (int position = canvas.promptLength(); position < tokens.length; position++) {
            boolean given = canvas.isFixed(position);
            eos = eos < 0 && position >= start && isEos(tokens[position]) ? tokens[position] : eos;
            edits.add(position, eos < 0 || given ? tokens[position] : eos);
        }
    }

    /// Where a text that is over inside a block ends, given the edits just applied.
    OptionalInt completeAt(Canvas canvas, Edits edits) {
        if (!whenComplete || !edits.any() || llada2Quirks && !wroteEos(edits)) {
            return OptionalInt.empty();
        }
        OptionalInt eos = firstEos(canvas, llada2Quirks ? 0 : canvas.givenEnd(), canvas.length());
        for (int position = canvas.promptLength(); eos.isPresent() && position < eos.getAsInt(); position++) {
            if (canvas.isMasked(position)) {
                return OptionalInt.empty();
            }
        }
        return eos;
    }

    private boolean wroteEos(Edits edits) {
        for (int i = 0; i < edits.size(); i++) {
            if (isEos(edits.token(i))) {
                return true;
            }
        }
        return false;
    }

    private OptionalInt firstEos(Canvas canvas, int from, int end) {
        for (int position = from; position < end; position++) {
            boolean given = position >= canvas.promptLength() && canvas.isFixed(position);
            if (!given && isEos(canvas.token(position))) {
                return OptionalInt.of(position);
            }
        }
        return OptionalInt.empty();
    }
}
