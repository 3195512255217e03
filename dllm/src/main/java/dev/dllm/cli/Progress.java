package dev.dllm.cli;

import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Span;

/// The status of one generation: calls made and masks left.
final class Progress {
    private final StatusLine line;
    private final int genLength;

    Progress(Terminal terminal, DecodeSettings settings) {
        this.line = new StatusLine(terminal);
        this.genLength = settings.unmasking().longest(settings.genLength());
    }

    void called(int call, Canvas canvas) {
        line.show(() -> "denoising: call " + (call + 1) + ", " + done(canvas) + " of at most " + genLength + " tokens committed");
    }

    void clear() {
        line.clear();
    }

    private int done(Canvas canvas) {
        int end = Math.min(canvas.length(), canvas.promptLength() + genLength);
        return end - canvas.promptLength() - canvas.masks(new Span(canvas.promptLength(), end));
    }
}
