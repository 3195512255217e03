package dev.dllm.decode;

import java.util.Optional;

/// Blocks cut at multiples of the block length from position 0, decoded left to right from the one that holds the first
/// generated position; that one may begin with prompt tokens.
///
/// @param blockLength 1 or more
/// @see "inclusionAI/LLaDA2.0, modeling_llada2_moe.py (generate)"
public record BlockSchedule(int blockLength) {

    public BlockSchedule {
        if (blockLength < 1) {
            throw new IllegalArgumentException("block length " + blockLength + ": needs 1 or more");
        }
    }

    /// The canvas that `genLength` positions behind the prompt need: rounded up to whole blocks.
    ///
    /// @throws ArithmeticException if it does not fit an int
    public int canvasLength(int promptLength, int genLength) {
        int needed = Math.addExact(promptLength, genLength);
        return Math.multiplyExact(Math.ceilDiv(needed, blockLength), blockLength);
    }

    /// The block behind `end`, the first one if `end` is 0; empty when the canvas ends there.
    public Optional<Span> next(Canvas canvas, int end) {
        int start = end > 0 ? end : canvas.promptLength() / blockLength * blockLength;
        return start < canvas.length() ? Optional.of(new Span(start, start + blockLength)) : Optional.empty();
    }

    /// How many positions call number `call` of a block commits when the block is spread evenly over `steps` calls.
    public int quota(int call, int steps) {
        return blockLength / steps + (call < blockLength % steps ? 1 : 0);
    }
}
