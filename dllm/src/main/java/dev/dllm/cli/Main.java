package dev.dllm.cli;

import dev.dllm.checkpoint.CheckpointException;
import dev.dllm.golden.GoldenException;
import dev.dllm.model.NonFiniteLogitsException;
import dev.dllm.model.UnsupportedModelException;
import dev.dllm.runtime.DeviceException;
import dev.dllm.runtime.ShapeException;
import dev.dllm.tokenizer.TokenizerException;
import dev.dllm.tokenizer.chat.ChatTemplateException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// `dllm`: the entry point.
@Command(
        name = "dllm",
        versionProvider = Version.class,
        description = "Runs diffusion language models: all tokens of a block are denoised together.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  dllm generate \"What is 12 + 30?\"",
            "  dllm chat",
            "  dllm infill \"The cat sat on the <hole>. It was very soft.\"",
            "  dllm generate --model DIR --gen-length 128 --format json \"Tell me a story.\"",
            "  dllm help COMMAND",
            "",
            "Exit codes: 0 success, 1 a check failed, 2 unusable arguments or input, 130 interrupted, 141 output closed."
        })
public final class Main {
    /// Exit code for unusable arguments or input.
    static final int UNUSABLE = 2;

    /// Exit code when a check failed.
    static final int CHECK_FAILED = 1;

    /// Exit code when the reader of standard output has gone: that of a process that ended by SIGPIPE.
    private static final int ABANDONED = 141;

    private static final int LONGEST_MESSAGE = 2000;

    @Mixin private HelpOption help = new HelpOption();

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version and exit.")
    private boolean version;

    private Main() {}

    /// Runs one command and exits with its code.
    public static void main(String[] arguments) {
        StandardError.takeBack();
        int exitCode = run(arguments, Terminal.ofProcess());
        StandardError.await();
        System.exit(exitCode);
    }

    /// Runs one command.
    ///
    /// @return its exit code
    static int run(String[] arguments, Terminal terminal) {
        CommandLine line = commandLine(terminal);
        if (arguments.length == 0) {
            line.usage(line.getOut());
            return 0;
        }
        try {
            int exitCode = line.execute(arguments);
            if (terminal.isAbandoned()) {
                return ABANDONED;
            }
            if (terminal.out().checkError()) {
                terminal.err().println("dllm: the output could not be written completely");
                return UNUSABLE;
            }
            return exitCode;
        } catch (OutOfMemoryError e) {
            terminal.err().println("dllm: out of memory (" + oneLine(String.valueOf(e.getMessage()))
                    + "); a larger heap is set with DLLM_JAVA_OPTIONS=-Xmx8g");
            return UNUSABLE;
        }
    }

    /// Every command, and how its arguments are read.
    static CommandLine commandLine(Terminal terminal) {
        CommandLine line = new CommandLine(new Main());
        line.addSubcommand(new GenerateCommand(terminal));
        line.addSubcommand(new InfillCommand(terminal));
        line.addSubcommand(new ChatCommand(terminal, System.in));
        line.addSubcommand(new ScoreCommand(terminal));
        line.addSubcommand(new EmbedCommand(terminal, System.in));
        line.addSubcommand(new VoteCommand(terminal));
        line.addSubcommand(new EvalCommand(terminal));
        line.addSubcommand(new VerifyCommand(terminal));
        line.addSubcommand(new InspectCommand(terminal));
        line.addSubcommand(new DoctorCommand(terminal));
        line.addSubcommand(new HelpCommand());
        line.registerConverter(Path.class, new PathConverter());
        line.registerConverter(Float.class, NumberConverters::parseFloat);
        line.registerConverter(float.class, NumberConverters::parseFloat);
        line.registerConverter(double.class, NumberConverters::parseDouble);
        line.setExpandAtFiles(false);
        line.setUsageHelpWidth(Math.clamp(terminal.screen().columns(), 60, 110));
        line.setOut(new PrintWriter(terminal.out(), true));
        line.setErr(new PrintWriter(terminal.err(), true));
        line.setExecutionStrategy(parsed -> {
            requireOnce(parsed.subcommand());
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((exception, _, _) -> report(exception, terminal));
        line.setParameterExceptionHandler((exception, _) -> misused(exception, terminal));
        return line;
    }

    /// Options of a group are taken for a second group when one of them is repeated, and those of the first one would be lost.
    ///
    /// @param command null if there is none
    private static void requireOnce(@Nullable ParseResult command) {
        if (command == null) {
            return;
        }
        for (OptionSpec option : command.matchedOptions()) {
            if (option.group() != null && !option.isMultiValue() && option.stringValues().size() > 1) {
                throw new ParameterException(
                        command.commandSpec().commandLine(),
                        "option '%s' (%s) should be specified only once".formatted(option.longestName(), option.paramLabel()));
            }
        }
    }

    /// One line for what the user can mend; a stack trace for what only we can.
    static int report(Exception exception, Terminal terminal) {
        return switch (exception) {
            case ShapeException e -> bug(e, terminal);
            case IllegalArgumentException e -> complain(e, terminal);
            case CheckpointException e -> complain(e, terminal);
            case UnsupportedModelException e -> complain(e, terminal);
            case TokenizerException e -> complain(e, terminal);
            case ChatTemplateException e -> complain(e, terminal);
            case NonFiniteLogitsException e -> complain(e, terminal);
            case DeviceException e -> complain(e, terminal);
            case GoldenException e -> complain(e, terminal);
            default -> bug(exception, terminal);
        };
    }

    private static int complain(Throwable exception, Terminal terminal) {
        terminal.err().println("dllm: " + oneLine(Advice.with(String.valueOf(exception.getMessage()))));
        return UNUSABLE;
    }

    /// A message that may quote hostile files, fit for a terminal: no control characters, and no more than a screen.
    static String oneLine(String message) {
        int half = LONGEST_MESSAGE / 2;
        String shown = message.length() <= LONGEST_MESSAGE
                ? message
                : message.substring(0, half) + " … " + message.substring(message.length() - half);
        return shown.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static int bug(Exception exception, Terminal terminal) {
        terminal.err().println("dllm: this is a bug of dllm, please report it with the lines below");
        exception.printStackTrace(terminal.err());
        return UNUSABLE;
    }

    private static int misused(ParameterException exception, Terminal terminal) {
        String command = exception.getCommandLine().getCommandSpec().qualifiedName();
        terminal.err().println("dllm: " + oneLine(exception.getMessage()).replaceFirst("\\.$", "") + "; see '" + command + " --help'");
        return UNUSABLE;
    }
}
