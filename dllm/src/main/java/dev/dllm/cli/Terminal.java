package dev.dllm.cli;

import java.io.BufferedOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// What the process is connected to. The launcher, which can ask the system, says it in system properties:
/// `dllm.terminal` lists the standard streams that are terminals (`in,out,err`), `dllm.columns` and `dllm.rows` are the
/// terminal's size. The environment says what it can do: `TERM`, `NO_COLOR`.
///
/// Text goes out as UTF-8 whatever the locale, since prompts and answers are UTF-8.
final class Terminal {
    private final Set<String> terminals;
    private final Screen screen;
    private final PrintStream out;
    private final PrintStream err;
    private final BooleanSupplier abandoned;

    /// @param columns     width in cells
    /// @param rows        height in lines
    /// @param movesCursor whether what was written can be drawn over
    /// @param color       whether the user wants colors and attributes
    record Screen(int columns, int rows, boolean movesCursor, boolean color) {
        static final Screen DEFAULT = new Screen(80, 24, true, true);
    }

    /// @param terminals which of `in`, `out`, `err` are terminals
    Terminal(Set<String> terminals, Screen screen, PrintStream out, PrintStream err) {
        this(terminals, screen, out, err, () -> false);
    }

    private Terminal(Set<String> terminals, Screen screen, PrintStream out, PrintStream err, BooleanSupplier abandoned) {
        this.terminals = terminals;
        this.screen = screen;
        this.out = out;
        this.err = err;
        this.abandoned = abandoned;
    }

    /// The terminal that the launcher found.
    static Terminal ofProcess() {
        String type = System.getenv("TERM");
        String noColor = System.getenv("NO_COLOR");
        PipedOutput out = new PipedOutput();
        return new Terminal(
                Set.of(System.getProperty("dllm.terminal", "none").split(",")),
                new Screen(
                        Math.clamp(Integer.getInteger("dllm.columns", Screen.DEFAULT.columns()), 20, 1000),
                        Math.clamp(Integer.getInteger("dllm.rows", Screen.DEFAULT.rows()), 4, 1000),
                        type != null && !type.equals("dumb"),
                        noColor == null || noColor.isEmpty()),
                utf8(out),
                utf8(StandardError.stream()),
                out::isAbandoned);
    }

    boolean readsFromTerminal() {
        return terminals.contains("in");
    }

    boolean writesToTerminal() {
        return terminals.contains("out");
    }

    boolean reportsToTerminal() {
        return terminals.contains("err");
    }

    /// Whether results go to a terminal that can draw over what it shows.
    boolean drawsInPlace() {
        return writesToTerminal() && screen.movesCursor();
    }

    Screen screen() {
        return screen;
    }

    /// Results.
    PrintStream out() {
        return out;
    }

    /// Whether the reader of the results has gone.
    boolean isAbandoned() {
        return abandoned.getAsBoolean();
    }

    /// Progress, notes and errors.
    PrintStream err() {
        return err;
    }

    private static PrintStream utf8(OutputStream stream) {
        return new PrintStream(new BufferedOutputStream(stream), true, StandardCharsets.UTF_8);
    }
}
