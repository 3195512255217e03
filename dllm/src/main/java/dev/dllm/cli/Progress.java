package dev.dllm.cli;

import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Span;

/// One status line on a terminal while a generation takes longer than a second: calls made and masks left. It is cleared
/// before anything else is printed.
final class Progress {
    private static final long QUIET_NANOS = 1_000_000_000L;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Terminal terminal;
    private final long start = System.nanoTime();
    private final int genLength;
    private boolean shown;

    Progress(Terminal terminal, DecodeSettings settings) {
        this.terminal = terminal;
        this.genLength = settings.unmasking().longest(settings.genLength());
    }

    void called(int call, Canvas canvas) {
        if (!terminal.reportsToTerminal() || System.nanoTime() - start < QUIET_NANOS) {
            return;
        }
        int end = Math.min(canvas.length(), canvas.promptLength() + genLength);
        int done = end - canvas.promptLength() - canvas.masks(new Span(canvas.promptLength(), end));
        terminal.err().print(CLEAR_LINE + "denoising: call " + (call + 1) + ", " + done + " of at most " + genLength
                + " tokens committed");
        terminal.err().flush();
        shown = true;
    }

    void clear() {
        if (shown) {
            terminal.err().print(CLEAR_LINE);
            terminal.err().flush();
            shown = false;
        }
    }
}
