package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Where decoding stands when a call is planned: positions before `active` are final, `[start, end)` is denoised.
///
/// @param start      of the active span
/// @param end        of the active span
/// @param blockStart of the block that the span is a part of, or the whole of
/// @param active     where the part of the block begins that is still open: its start, unless the rule goes from left to right
/// @param blockEnd   of that block, or of the last one that the rule works on at the same time
/// @param length     of the canvas
/// @param masked     whether a position of the canvas holds a mask
/// @param wanted     whether the call is asked for the proposal of a position of the canvas
/// @param next       the positions that the call decodes, in the order of the rule; nothing if the rule cannot tell
public record Window(
        int start, int end, int blockStart, int active, int blockEnd, int length, IntPredicate masked, IntPredicate wanted,
        Supplier<int[]> next) {

    /// The end of what is worked on and of what the span can see: of the blocks where they are causal, else of the canvas.
    int visibleEnd(AttentionPattern pattern) {
        int seen = IntStream.range(start, end).map(position -> pattern.visibleEnd(position, length)).max().orElse(end);
        return Math.max(seen, Math.min(blockEnd, length));
    }
}
