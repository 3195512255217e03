package dev.dllm.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// What the process is connected to. The launcher, which can ask the system, says it in system properties:
/// `dllm.terminal` lists the standard streams that are terminals (`in,out,err`), `dllm.columns` is the terminal's width.
///
/// Text goes out as UTF-8 whatever the locale, since prompts and answers are UTF-8.
final class Terminal {
    private static final int DEFAULT_COLUMNS = 80;

    private final Set<String> terminals;
    private final int columns;
    private final PrintStream out;
    private final PrintStream err;

    /// @param terminals which of `in`, `out`, `err` are terminals
    Terminal(Set<String> terminals, int columns, PrintStream out, PrintStream err) {
        this.terminals = terminals;
        this.columns = columns;
        this.out = out;
        this.err = err;
    }

    static Terminal fromProperties() {
        return new Terminal(
                Set.of(System.getProperty("dllm.terminal", "none").split(",")),
                Math.clamp(Integer.getInteger("dllm.columns", DEFAULT_COLUMNS), 20, 1000),
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err));
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

    int columns() {
        return columns;
    }

    /// Results.
    PrintStream out() {
        return out;
    }

    /// Progress, notes and errors.
    PrintStream err() {
        return err;
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new BufferedOutputStream(new FileOutputStream(descriptor)), true, StandardCharsets.UTF_8);
    }
}
