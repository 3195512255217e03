package dev.dllm.cli;

import java.util.function.Supplier;

/// One line on a terminal about work that takes longer than a second; the next status is drawn over it. It is cleared before
/// anything else is printed.
final class StatusLine {
    private static final long QUIET_NANOS = 1_000_000_000L;
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final Terminal terminal;
    private final long start = System.nanoTime();
    private boolean shown;

    StatusLine(Terminal terminal) {
        this.terminal = terminal;
    }

    /// Shows a status, as much of it as fits into a line.
    void show(Supplier<String> status) {
        if (!terminal.reportsToTerminal() || System.nanoTime() - start < QUIET_NANOS) {
            return;
        }
        String line = status.get();
        int columns = Math.min(line.length(), terminal.screen().columns() - 1);
        terminal.err().print(CLEAR_LINE + line.substring(0, columns));
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
