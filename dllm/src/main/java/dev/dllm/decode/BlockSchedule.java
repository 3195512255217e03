package dev.dllm.decode;

import java.util.Optional;
import java.util.stream.Stream;

/// The blocks of one canvas, decoded left to right, each in one piece or in smaller spans.
///
/// @param offset      where the first whole block begins; positions before it are one block
/// @param blockLength 1 or more
/// @param spanLength  positions denoised together, at most `blockLength`
/// @param start       of the first block that is decoded
/// @param end         of the last one, which may be short
/// @see "inclusionAI/LLaDA2.0, modeling_llada2_moe.py (generate); ML-GSAI/LLaDA, generate.py; Fast-dLLM v2, arXiv:2509.26328"
public record BlockSchedule(int offset, int blockLength, int spanLength, int start, int end) {

    /// The blocks that settings ask for behind a prompt.
    ///
    /// @throws ArithmeticException if the canvas does not fit an int
    public static BlockSchedule of(DecodeSettings settings, int promptLength) {
        int blockLength = settings.blockLength();
        int offset = switch (settings.anchor()) {
            case START -> 0;
            case PROMPT -> promptLength % blockLength;
            case BEHIND_PROMPT -> promptLength;
        };
        int textEnd = Math.addExact(promptLength, settings.genLength());
        int end = settings.anchor() == Anchor.START
                ? Math.multiplyExact(Math.ceilDiv(textEnd, blockLength), blockLength)
                : textEnd;
        return new BlockSchedule(
                offset, blockLength, Math.min(settings.spanLength(), blockLength),
                (promptLength - offset) / blockLength * blockLength + offset, end);
    }

    /// The same blocks with the end of the last one moved.
    BlockSchedule grown(int positions) {
        return new BlockSchedule(offset, blockLength, spanLength, start, end + positions);
    }

    /// The span that begins at `position`; empty behind the last block.
    public Optional<Span> spanAt(int position) {
        return position < end
                ? Optional.of(new Span(position, (int) Math.min((long) position + spanLength, block(position).end())))
                : Optional.empty();
    }

    /// Every span, left to right.
    Stream<Span> spans() {
        return Stream.iterate(spanAt(start), Optional::isPresent, span -> spanAt(span.get().end())).map(Optional::get);
    }

    /// The block that holds a position.
    public Span block(int position) {
        int first = Math.floorDiv(position - offset, blockLength) * blockLength + offset;
        return new Span(Math.max(0, first), (int) Math.min((long) first + blockLength, end));
    }
}
