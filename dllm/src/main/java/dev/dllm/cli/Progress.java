package dev.dllm.cli;

import dev.dllm.StridedWindows;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Span;

/// The status of one generation: calls made and masks left.
final class Progress {
    private final StatusLine line;
    private final DecodeSettings settings;
    private final StridedWindows windows;

    Progress(Terminal terminal, DecodeSettings settings) {
        this(terminal, settings, StrideOptions.ONE);
    }

    /// Of a text that is written window by window.
    Progress(Terminal terminal, DecodeSettings settings, StridedWindows windows) {
        this.line = new StatusLine(terminal);
        this.settings = settings;
        this.windows = windows;
    }

    void called(int call, Canvas canvas) {
        called(0, call, canvas);
    }

    /// @param window from 0
    /// @param call   of the window
    void called(int window, int call, Canvas canvas) {
        int genLength = settings.unmasking().longest(window == 0 ? settings.genLength() : windows.stride());
        String place = windows.windows() == 1 ? "" : " window " + (window + 1) + " of at most " + windows.windows();
        line.show(() -> "denoising" + place + ": call " + (call + 1) + ", " + done(canvas, genLength) + " of at most " + genLength
                + " tokens committed");
    }

    void clear() {
        line.clear();
    }

    private static int done(Canvas canvas, int genLength) {
        int end = Math.min(canvas.length(), canvas.promptLength() + genLength);
        return end - canvas.promptLength() - canvas.masks(new Span(canvas.promptLength(), end));
    }
}
