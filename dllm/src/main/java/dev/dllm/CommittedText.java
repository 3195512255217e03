package dev.dllm;

import dev.dllm.decode.Canvas;
import dev.dllm.decode.StopRule;
import dev.dllm.tokenizer.StreamDecoder;
import dev.dllm.tokenizer.Tokenizer;
import java.util.Optional;

/// The text that generated ids come to as they become final. Not thread-safe.
final class CommittedText {
    private final Optional<StreamDecoder> decoder;
    private final StopRule stop;
    private final StringBuilder text = new StringBuilder();

    /// @param tokenizer without one there is no text
    CommittedText(Optional<Tokenizer> tokenizer, StopRule stop) {
        this.decoder = tokenizer.map(known -> known.streamDecoder(true));
        this.stop = stop;
    }

    /// What positions `[from, to)` of a canvas add. They continue those that came before, whatever canvas those were on.
    String add(Canvas canvas, int from, int to) {
        // The EOS at the end is no text, though it may be a token that has one.
        boolean ends = !canvas.isFixed(to - 1) && stop.isEos(canvas.token(to - 1));
        return append(decoder.map(open -> open.add(canvas.copy(from, ends ? to - 1 : to))));
    }

    /// What is left when nothing follows.
    String finish() {
        return append(decoder.map(StreamDecoder::finish));
    }

    private String append(Optional<String> piece) {
        piece.ifPresent(text::append);
        return piece.orElse("");
    }

    /// All of it so far.
    @Override
    public String toString() {
        return text.toString();
    }
}
