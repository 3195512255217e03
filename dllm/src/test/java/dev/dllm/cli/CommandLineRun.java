package dev.dllm.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// One run of the command line inside the test's JVM, with what it printed.
record CommandLineRun(int exitCode, String out, String err) {

    /// With nothing but the input on a terminal.
    static CommandLineRun of(String... arguments) {
        return of(Set.of("in"), arguments);
    }

    /// @param terminals which of `in`, `out`, `err` are terminals, of 80 columns
    static CommandLineRun of(Set<String> terminals, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(terminals, Terminal.Screen.DEFAULT, stream(out), stream(err));
        int exitCode = Main.run(arguments, terminal);
        return new CommandLineRun(
                exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
