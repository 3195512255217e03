package dev.dllm.decode;

import java.util.Arrays;
import java.util.OptionalInt;

/// When a text is over before its generation length.
///
/// @param eosIds       tokens that end a text; owned, not copied
/// @param afterBlock   stop after a block if the generated part holds an EOS
/// @param whenComplete stop inside a block as soon as an EOS was written and no mask stands before the first EOS
/// @param countsPrompt whether an EOS of the prompt counts as the first EOS for `whenComplete`: a quirk of the reference
///                     that makes the output empty, for comparison with it only
public record StopRule(int[] eosIds, boolean afterBlock, boolean whenComplete, boolean countsPrompt) {

    /// Stops after the block that holds an EOS.
    public static StopRule afterBlock(int... eosIds) {
        return new StopRule(eosIds, true, false, false);
    }

    /// The same rule for other tokens.
    public StopRule withEosIds(int... eosIds) {
        return new StopRule(eosIds, afterBlock, whenComplete, countsPrompt);
    }

    public boolean isEos(int token) {
        return Arrays.stream(eosIds).anyMatch(id -> id == token);
    }

    /// The first generated position before `end` that holds an EOS.
    OptionalInt firstEos(Canvas canvas, int end) {
        return firstEos(canvas, canvas.promptLength(), end);
    }

    /// Where a text that is over inside a block ends, if the edits just applied made it so.
    OptionalInt completeAt(Canvas canvas, Edits edits) {
        if (!whenComplete || !wroteEos(edits)) {
            return OptionalInt.empty();
        }
        OptionalInt eos = firstEos(canvas, countsPrompt ? 0 : canvas.promptLength(), canvas.length());
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
            if (isEos(canvas.token(position))) {
                return OptionalInt.of(position);
            }
        }
        return OptionalInt.empty();
    }
}
