package dev.dllm.decode;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// When a text is over before its generation length. An EOS that is given, or that text is given behind, ends nothing. Whenever
/// the run ends, the text is cut behind its first EOS.
///
/// @param eosIds     tokens that end a text; owned, not copied
/// @param when       what ends the run early
/// @param fill       what becomes of positions behind an EOS
/// @param quirks     what a reference does otherwise, for comparison only
/// @param repetition ends the run too, and cuts the text before the window that repeats; text is settled only that far behind
public record StopRule(int[] eosIds, When when, Fill fill, Quirks quirks, Optional<Repetition> repetition) {

    /// What ends a run before its generation length.
    public enum When {
        /// Nothing does (LLaDA, Dream).
        NEVER,
        /// A block is finished, and the generated part holds an EOS (LLaDA2, SDAR, dInfer).
        BLOCK,
        /// No mask stands before the first EOS; the rest of the block is left (LLaDA2's early stop, guided decoding). The text is that
        /// of [#NEVER] unless committed tokens may still change. With [Quirks#LLADA2] a run also ends as with [#BLOCK].
        COMPLETE,
        /// A finished block is generated and consists of EOS only (FreeDave).
        EOS_BLOCK
    }

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

    /// What a reference does otherwise.
    public enum Quirks {
        NONE,
        /// [When#COMPLETE] is looked for only when a call wrote an EOS, and from the start of the prompt, which makes the output empty if
        /// that holds an EOS; the run ends as with [When#BLOCK] too (LLaDA2.0 `generate`).
        LLADA2,
        /// [When#BLOCK] counts an EOS of the prompt too if that reaches into the block.
        DINFER
    }

    /// @throws IllegalArgumentException if the parts do not go together
    public StopRule {
        if (fill == Fill.LEFT && when != When.COMPLETE) {
            throw new IllegalArgumentException("a stop rule that leaves masks behind an EOS but goes on: stops "
                    + when + "; needs to stop when the text is complete (COMPLETE)");
        }
    }

    /// A rule that does as published.
    public StopRule(int[] eosIds, When when, Fill fill) {
        this(eosIds, when, fill, Quirks.NONE, Optional.empty());
    }

    /// No token ends the run, though some may cut the text.
    public static StopRule never(int... eosIds) {
        return new StopRule(eosIds, When.NEVER, Fill.NONE);
    }

    /// Stops after the block that holds an EOS.
    public static StopRule afterBlock(int... eosIds) {
        return new StopRule(eosIds, When.BLOCK, Fill.NONE);
    }

    /// Stops as soon as nothing before an EOS is masked; what stands behind it is whatever has been decided there.
    public static StopRule whenComplete(int... eosIds) {
        return new StopRule(eosIds, When.COMPLETE, Fill.NONE);
    }

    /// Stops as soon as nothing before an EOS is masked; what stands behind it becomes EOS at once.
    public static StopRule filling(int... eosIds) {
        return new StopRule(eosIds, When.COMPLETE, Fill.BEHIND);
    }

    /// Stops as soon as nothing before an EOS is masked; masks behind it stay.
    public static StopRule leaving(int... eosIds) {
        return new StopRule(eosIds, When.COMPLETE, Fill.LEFT);
    }

    /// The same rule for other tokens.
    public StopRule withEosIds(int... eosIds) {
        return new StopRule(eosIds, when, fill, quirks, repetition);
    }

    /// The same rule, stopping at another time.
    public StopRule withWhen(When when) {
        return new StopRule(eosIds, when, fill, quirks, repetition);
    }

    /// The same rule as a reference has it.
    public StopRule withQuirks(Quirks quirks) {
        return new StopRule(eosIds, when, fill, quirks, repetition);
    }

    /// The same rule, which also ends a text that goes round in circles.
    public StopRule withRepetition(Repetition repetition) {
        return new StopRule(eosIds, when, fill, quirks, Optional.of(repetition));
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
        return switch (when) {
            case NEVER -> false;
            case BLOCK -> holdsEos(canvas, block);
            case COMPLETE -> quirks == Quirks.LLADA2 && holdsEos(canvas, block);
            case EOS_BLOCK -> isAllEos(canvas, block);
        };
    }

    /// How far a text is settled whose blocks are finished up to `end`: what may turn out to repeat is not.
    int settledEnd(int end) {
        return repetition.map(rule -> Math.max(0, end - rule.window())).orElse(end);
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

    /// How a text ends that is over inside a block.
    ///
    /// @param end    of the text, an EOS at its end included
    /// @param reason EOS or REPETITION
    record Ending(int end, FinishReason reason) {}

    /// How the text ends if it is over now, given the edits just applied.
    Optional<Ending> ending(Canvas canvas, Edits edits) {
        if (!edits.any()) {
            return Optional.empty();
        }
        OptionalInt eos = when == When.COMPLETE ? completingEos(canvas, edits) : OptionalInt.empty();
        if (eos.isPresent()) {
            return Optional.of(new Ending(eos.getAsInt() + 1, FinishReason.EOS));
        }
        int decided = canvas.firstMask(canvas.promptLength());
        boolean looks = repetition.isPresent() && firstEos(canvas, decided).isEmpty();
        OptionalInt repeats = looks ? repetition.get().start(canvas) : OptionalInt.empty();
        return repeats.isPresent() ? Optional.of(new Ending(repeats.getAsInt(), FinishReason.REPETITION)) : Optional.empty();
    }

    private OptionalInt completingEos(Canvas canvas, Edits edits) {
        boolean asLlada2 = quirks == Quirks.LLADA2;
        if (asLlada2 && !wroteEos(edits)) {
            return OptionalInt.empty();
        }
        OptionalInt eos = firstEos(canvas, asLlada2 ? 0 : canvas.givenEnd(), canvas.length());
        return eos.isPresent() && canvas.firstMask(canvas.promptLength()) < eos.getAsInt() ? OptionalInt.empty() : eos;
    }

    private boolean holdsEos(Canvas canvas, Span block) {
        boolean given = false;
        for (int position = block.start(); quirks == Quirks.DINFER && position < canvas.promptLength(); position++) {
            given |= isEos(canvas.token(position));
        }
        return given || firstEos(canvas, block.end()).isPresent();
    }

    /// Whether all that is generated in a block is EOS, and no text is given behind it.
    private boolean isAllEos(Canvas canvas, Span block) {
        for (int position = block.start(); position < block.end(); position++) {
            if (!canvas.isFixed(position) && !isEos(canvas.token(position))) {
                return false;
            }
        }
        return canvas.givenEnd() < block.end();
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
