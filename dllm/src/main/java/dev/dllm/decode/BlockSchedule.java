package dev.dllm.decode;

import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// Blocks decoded left to right. Where they start follows the attention: block-causal models cut the whole sequence, prompt
/// included, at multiples of the block length, so that the first block may begin with prompt tokens; otherwise the first
/// block begins behind the prompt and the last one may be short.
///
/// @param blockLength 1 or more
/// @param aligned     whether blocks are cut at multiples of the block length from position 0
/// @see "inclusionAI/LLaDA2.0, modeling_llada2_moe.py (generate); ML-GSAI/LLaDA, generate.py"
public record BlockSchedule(int blockLength, boolean aligned) {

    public BlockSchedule {
        if (blockLength < 1) {
            throw new IllegalArgumentException("block length " + blockLength + ": needs 1 or more");
        }
    }

    /// The blocks that settings ask for.
    public static BlockSchedule of(DecodeSettings settings) {
        return new BlockSchedule(
                settings.blockLength(), settings.attention() instanceof AttentionPattern.BlockCausal);
    }

    /// The canvas that `genLength` positions behind the prompt need: rounded up to whole blocks if these are aligned.
    ///
    /// @throws ArithmeticException if it does not fit an int
    public int canvasLength(int promptLength, int genLength) {
        int needed = Math.addExact(promptLength, genLength);
        return aligned ? Math.multiplyExact(Math.ceilDiv(needed, blockLength), blockLength) : needed;
    }

    /// The block behind `end`, the first one if `end` is 0; empty when the canvas ends there.
    public Optional<Span> next(Canvas canvas, int end) {
        int first = aligned ? canvas.promptLength() / blockLength * blockLength : canvas.promptLength();
        int start = end > 0 ? end : first;
        return start < canvas.length()
                ? Optional.of(new Span(start, (int) Math.min((long) start + blockLength, canvas.length())))
                : Optional.empty();
    }
}
