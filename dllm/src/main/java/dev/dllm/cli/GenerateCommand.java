package dev.dllm.cli;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.StridedWindows;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Edits;
import dev.dllm.decode.LogitHook;
import dev.dllm.decode.OneOf;
import dev.dllm.decode.StopRule;
import dev.dllm.tokenizer.Tokenizer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `dllm generate`: prompt in, text out.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "generate",
        description = "Generates text for a prompt.",
        footer = {
            "",
            "Examples:",
            "  dllm generate \"What is 12 + 30?\"",
            "  echo \"Sort in ascending order: 61, 5, 58\" | dllm generate",
            "  dllm generate --prompt-file question.txt --unmasking threshold:0.8",
            "  dllm generate --temperature 0.7 --seed 3 --format json \"9-8\"",
            "  dllm generate --best-of 4 --temperature 1 \"Tell me a story.\"",
            "  dllm generate --gen-length 32 --stride 16 --windows 4 \"Tell me a story.\"",
            "  dllm generate --choice \"9 - 8 = 1\" --choice \"9 - 8 = 2\" \"9-8\""
        })
final class GenerateCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private PromptOptions prompt = new PromptOptions();
    @ArgGroup(exclusive = false, validate = false, heading = "%nThe model:%n", order = 20)
    private ModelOptions model = new ModelOptions();

    @ArgGroup(exclusive = false, validate = false, heading = DecodeOptions.HEADING, order = 10)
    private DecodeOptions decode = new DecodeOptions();

    @Mixin private HelpOption help = new HelpOption();

    @Option(names = "--choice", paramLabel = "TEXT",
            description = "Answer with this text or another one that is given so, whichever the model prefers. May be repeated.")
    private List<String> choices = List.of();

    @Mixin private StrideOptions stride = new StrideOptions();

    @Mixin private BestOfOptions bestOf = new BestOfOptions();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", converter = ConstantConverter.OfFormat.class,
            description = "text, or json with ids, counts and timing (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Option(names = "--trace", paramLabel = "FILE",
            description = "Write what every network call changed to a JSON file; - puts it into the JSON output.")
    private @Nullable String trace;

    GenerateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ResultWriter writer = new ResultWriter(format, trace, terminal);
        StridedWindows windows = stride.windows();
        check(windows);
        Function<LanguageModel, Prompt> read = prompt.read(terminal.readsFromTerminal());
        try (LanguageModel loaded = model.load();
                LanguageModel judge = decode.loadVerifier(model.options());
                Session session = loaded.newSession()) {
            DecodeSettings settings = choosing(decode.apply(loaded.settings(), judge), loaded);
            GenerationRequest request = new GenerationRequest(read.apply(loaded), settings);
            decode.warn(request.settings(), terminal);
            if (bestOf.isGiven()) {
                best(loaded, session, request, writer);
            } else {
                write(loaded, session, request, windows, writer);
            }
        }
        return 0;
    }

    /// @throws InvalidRequestException if options were given that make no sense together
    private void check(StridedWindows windows) {
        bestOf.check();
        if (bestOf.isGiven() && windows.windows() > 1) {
            throw new InvalidRequestException("--best-of with --stride: texts are scored whole; give one of them");
        }
        if (bestOf.isGiven() && trace != null) {
            throw new InvalidRequestException("--trace with --best-of: there are several runs; give --seed with the seed of one instead");
        }
    }

    /// Prints one text as it becomes final.
    private void write(
            LanguageModel loaded, Session session, GenerationRequest request, StridedWindows windows, ResultWriter writer) {
        Progress progress = new Progress(terminal, request.settings(), windows);
        GenerationResult result = windows.generate(session, request, new GenerationListener() {
            @Override
            public void called(int window, int call, Canvas canvas, Edits edits) {
                progress.called(window, call, canvas);
            }

            @Override
            public void text(int window, String piece) {
                progress.clear();
                writer.piece(piece);
            }
        });
        progress.clear();
        writer.result(result, loaded);
    }

    /// Prints the best of several texts.
    private void best(LanguageModel loaded, Session session, GenerationRequest request, ResultWriter writer) {
        bestOf.check(request.settings());
        BestOfReport report = bestOf.run(loaded, session, request, decode.seed(), terminal);
        if (format == OutputFormat.JSON) {
            terminal.out().println(report.json());
            return;
        }
        writer.piece(report.winner().text());
        writer.result(report.winner(), loaded);
        if (terminal.reportsToTerminal()) {
            terminal.err().println(report.summary());
        }
    }

    /// The settings with the choices, if there are any, as the last hook.
    private DecodeSettings choosing(DecodeSettings settings, LanguageModel model) {
        if (choices.isEmpty()) {
            return settings;
        }
        Tokenizer tokenizer = model.tokenizer().orElseThrow(() -> new InvalidRequestException(
                "--choice: " + model.source() + " has no tokenizer.json, without which a text cannot be read"));
        int[] eosIds = settings.stop().eosIds();
        if (eosIds.length == 0) {
            throw new InvalidRequestException("--choice: no token ends a text of this model; needs --eos-ids");
        }
        List<int[]> tokens = choices.stream().map(choice -> tokens(choice, tokenizer, settings.stop())).toList();
        OneOf last = new OneOf(tokens, eosIds[0]);
        DecodeSettings choosing = settings.withHooks(
                Stream.concat(settings.hooks().stream(), Stream.of(last)).toArray(LogitHook[]::new));
        try {
            last.requireFits(choosing, model.spec());
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestException("--choice: " + e.getMessage());
        }
        return choosing;
    }

    private static int[] tokens(String choice, Tokenizer tokenizer, StopRule stop) {
        int[] tokens = tokenizer.encode(choice, false);
        if (tokens.length == 0) {
            throw new InvalidRequestException("--choice '%s' has 0 tokens: needs at least 1".formatted(choice));
        }
        if (IntStream.of(tokens).anyMatch(stop::isEos)) {
            throw new InvalidRequestException("--choice '%s' holds a token that ends the text: needs a text without".formatted(choice));
        }
        return tokens;
    }
}
