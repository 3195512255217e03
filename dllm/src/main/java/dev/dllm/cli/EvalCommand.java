package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.eval.EvalReport;
import dev.dllm.eval.EvalSetting;
import dev.dllm.eval.Evaluation;
import dev.dllm.eval.Question;
import dev.dllm.eval.Questions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `dllm eval`: accuracy and cost of decoding settings.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "eval",
        description = "Asks a model questions with known answers, and tells how many it answers and what that costs, for one "
                + "decoding setting or for several.",
        footer = {
            "",
            "FILE holds a JSON object per line, for example",
            "  {\"family\": \"sub\", \"prompt\": \"9-8\", \"answer\": \"9 - 8 = 1\", \"check\": \"exact\"}",
            "check is exact (also if it is left out), countdown or story, as the model card",
            "of the small model has them. Unless --gen-length is given, the generation",
            "length is the expected answer's, rounded up to a multiple of 32.",
            "",
            "Accuracy is the mean over the families. NFE, the number of network calls, and",
            "positions computed are means over the prompts. tokens/s is that of generation",
            "alone, after a first batch that does not count. To compare it, ask a hundred",
            "prompts or more and --repeat 3 or more: the JVM still compiles during the first",
            "ones. Then every setting has its turn in every round, tokens/s comes from the",
            "median of its times, and all is printed in the last round; the counts are the",
            "same in each.",
            "",
            "A grid varies options of \"How it is denoised\"; every combination is a setting,",
            "and all get the same questions in the same order. Values that hold commas are",
            "separated by |. A setting that the model refuses says why, and the others go",
            "on. Ctrl-C ends with what is finished.",
            "",
            "Examples:",
            "  dllm eval questions.jsonl",
            "  dllm eval questions.jsonl --unmasking threshold:0.6 --limit 100",
            "  dllm eval questions.jsonl --grid cache=none,block --repeat 5 --format json",
            "  dllm eval questions.jsonl --grid unmasking=threshold:0.6,threshold:0.9 \\",
            "       --grid attention=block-causal,bidirectional --plot cost.png",
            "  dllm eval questions.jsonl --grid \"unmasking=schedule;steps=8,16,32\"",
            "  dllm eval questions.jsonl --grid \"unmasking=edit:0.9,0.9|threshold:0.9\""
        })
final class EvalCommand implements Callable<Integer> {
    private static final int INTERRUPTED = 130;
    private static final int PATIENCE_SECONDS = 10;

    private final Terminal terminal;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "FILE", description = "The questions: JSON lines, see below.")
    private Path file = Path.of("");

    @Option(names = "--grid", paramLabel = "NAME=VALUE,VALUE",
            description = "Values of a decoding option, by its name without dashes; several options are separated by ; or by "
                    + "repeating --grid.")
    private List<String> grid = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "Ask the first N questions only.")
    private @Nullable Integer limit;

    @Option(names = {"--batch", "--batch-size"}, paramLabel = "N", defaultValue = "16",
            description = "Prompts per generation; changes the speed and nothing else (default: ${DEFAULT-VALUE}).")
    private int batchSize = 16;

    @Option(names = "--repeat", paramLabel = "N", defaultValue = "1",
            description = "Evaluate every setting N times, in rounds over all of them; tokens/s is the median (default: "
                    + "${DEFAULT-VALUE}).")
    private int repeat = 1;

    @Option(names = "--raw", description = "Ask without the model's chat template.")
    private boolean raw;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", converter = ConstantConverter.OfFormat.class,
            description = "text, or json with an object per setting (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Mixin private PlotOptions plot = new PlotOptions();

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe model:%n", order = 20)
    private ModelOptions model = new ModelOptions();

    /// Declares the options: the grid, which may replace some, reads them as they were written.
    @ArgGroup(exclusive = false, validate = false, heading = DecodeOptions.HEADING, order = 10)
    private DecodeOptions decode = new DecodeOptions();

    @Mixin private HelpOption help = new HelpOption();

    EvalCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        List<SettingGrid.Point> points = new SettingGrid(grid).points(common());
        List<Question> questions = questions();
        plot.check();
        try (LanguageModel loaded = model.load();
                LanguageModel judge = loadVerifier(points, loaded);
                Evaluation evaluation = new Evaluation(loaded, questions, asked(loaded), batchSize)) {
            CountDownLatch finished = new CountDownLatch(1);
            Thread hook = endOnInterrupt(Thread.currentThread(), finished);
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                Set<SettingGrid.Point> warned = new HashSet<>();
                return evaluate(points, (point, progress) -> {
                    EvalSetting setting = point.of(loaded.settings(), judge);
                    if (warned.add(point)) {
                        point.options().warn(points.size() == 1 ? "" : point.name(), setting.settings(), terminal);
                    }
                    return evaluation.run(setting, progress);
                });
            } finally {
                finished.countDown();
                remove(hook);
            }
        }
    }

    private int evaluate(
            List<SettingGrid.Point> points, BiFunction<SettingGrid.Point, Consumer<EvalReport>, EvalReport> evaluation) {
        EvalWriter writer =
                new EvalWriter(format, points.stream().map(SettingGrid.Point::name).toList(), terminal);
        EvalRounds rounds = new EvalRounds(evaluation, points, repeat, writer, terminal);
        boolean complete = rounds.run();
        writer.end();
        plot.draw(writer.reports());
        if (!complete) {
            terminal.err().println("dllm: interrupted");
            return INTERRUPTED;
        }
        if (writer.reports().isEmpty()) {
            throw new InvalidRequestException("none of the settings could be evaluated");
        }
        return 0;
    }

    /// @throws InvalidRequestException if no setting asks the second model that was given
    private @Nullable LanguageModel loadVerifier(List<SettingGrid.Point> points, LanguageModel loaded) {
        if (decode.hasVerifier() && points.stream().noneMatch(point -> point.options().asksVerifier(loaded.settings()))) {
            throw new InvalidRequestException("--verifier: no unmasking rule here asks a second model; apd, guided and edlm do");
        }
        return decode.loadVerifier(model.options());
    }

    /// The decoding options of the command line, as they were written.
    private Map<String, String> common() {
        Map<String, String> common = new LinkedHashMap<>();
        List<String> names = SettingGrid.names();
        spec.commandLine().getParseResult().matchedOptions().forEach(option -> {
            String name = SettingGrid.withoutDashes(option.longestName());
            if (names.contains(name)) {
                common.put(name, option.originalStringValues().getLast());
            }
        });
        return common;
    }

    private List<Question> questions() {
        if (limit != null && limit < 1) {
            throw new InvalidRequestException("--limit " + limit + ": needs 1 or more");
        }
        if (batchSize < 1) {
            throw new InvalidRequestException("--batch " + batchSize + ": needs 1 or more");
        }
        if (repeat < 1) {
            throw new InvalidRequestException("--repeat " + repeat + ": needs 1 or more");
        }
        List<Question> questions = Questions.read(file);
        return limit == null ? questions : questions.subList(0, Math.min(limit, questions.size()));
    }

    private Function<String, Prompt> asked(LanguageModel loaded) {
        return raw || !loaded.takesChats() ? Prompt::text : Prompt::chat;
    }

    /// Ctrl-C ends the JVM; this holds it until the settings that are finished have been printed.
    private static Thread endOnInterrupt(Thread evaluating, CountDownLatch finished) {
        return new Thread(() -> {
            evaluating.interrupt();
            try {
                finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending, which is what the hook was for.
        }
    }
}
