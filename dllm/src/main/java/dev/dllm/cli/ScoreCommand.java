package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Passage;
import dev.dllm.Prompt;
import dev.dllm.score.Estimators;
import dev.dllm.score.Score;
import dev.dllm.score.ScoreSettings;
import dev.dllm.score.Scorer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dllm score`: how likely a model finds texts that are there already.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "score",
        description = "Tells how likely a model finds an answer to a prompt, which of several answers it prefers, or how well "
                + "it predicts a text.",
        footer = {
            "",
            "A line per answer, * before the likeliest. Logarithms are natural, perplexity",
            "is exp of minus the mean. Compare only what one estimator says:",
            "  monte-carlo[:N]  N random masks; the bound on the log-likelihood that the",
            "                   model was trained on",
            "  pseudo           every token judged by all others; its perplexity is the",
            "                   pseudo-perplexity",
            "  left-to-right    every token judged by those before it",
            "  all-masked       every token judged by the prompt alone",
            "",
            "Examples:",
            "  dllm score --prompt 9-8 --continuation \"9 - 8 = 1\" --greedy",
            "  dllm score --prompt 9-8 --continuation \"9 - 8 = 1\" --continuation \"9 - 8 = 2\"",
            "  echo 9-8 | dllm score --continuation \"9 - 8 = 1\" --format json",
            "  dllm score DIR --estimator pseudo --text \"The cat sat on the mat.\"",
            "  dllm score DIR --raw --prompt \"Paris is in\" --continuation \" France\""
        })
final class ScoreCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", arity = "0..1",
            description = "Model directory (default: the small model that ships with dllm).")
    private @Nullable Path directory;

    @Option(names = "--prompt", paramLabel = "TEXT",
            description = "What stands before the answers. Without one it is read from standard input.")
    private @Nullable String prompt;

    @Mixin private PromptSource source = new PromptSource();

    @Option(names = "--continuation", paramLabel = "TEXT", description = "An answer to score; may be repeated.")
    private List<String> continuations = new ArrayList<>();

    @Option(names = "--continuation-ids", paramLabel = "N,N", converter = IdsConverter.class,
            description = "An answer to score as token ids, used as they are; may be repeated.")
    private List<int[]> continuationIds = new ArrayList<>();

    @Option(names = "--text", paramLabel = "TEXT",
            description = "A text to score as a whole, without a prompt; may be repeated.")
    private List<String> texts = new ArrayList<>();

    @Option(names = "--greedy",
            description = "Also say whether an answer is just what the model would write, one token per call.")
    private boolean greedy;

    @Option(names = "--estimator", paramLabel = "NAME", defaultValue = "monte-carlo",
            description = "What is estimated, see below: monte-carlo[:N], pseudo, left-to-right or all-masked (default: "
                    + "${DEFAULT-VALUE}, which takes 128 masks).")
    private String estimator = "monte-carlo";

    @Option(names = "--seed", paramLabel = "N", defaultValue = "0",
            description = "Seed of the random masks: same seed, same score (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--guidance", paramLabel = "W", defaultValue = "0",
            description = "Classifier-free guidance: move the logits away, W times over, from those without the prompt; 0 is "
                    + "off (default: ${DEFAULT-VALUE}).")
    private float guidance;

    @Option(names = "--batch-size", paramLabel = "N", defaultValue = "16",
            description = "Masked copies per network call; never changes a score (default: ${DEFAULT-VALUE}).")
    private int batchSize = 16;

    @Mixin private AttentionOptions attention = new AttentionOptions();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", converter = ConstantConverter.OfFormat.class,
            description = "text, or json with ids and counts (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe model:%n", order = 20)
    private ModelOptions model = new ModelOptions();

    @Mixin private HelpOption help = new HelpOption();

    ScoreCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        ScoreSettings settings = new ScoreSettings(Estimators.parse(estimator, seed), guidance, batchSize);
        Function<LanguageModel, List<Passage>> read = passages();
        try (LanguageModel loaded = model.load(directory);
                Scorer scorer = new Scorer(loaded, attention.apply(loaded.spec().pattern()))) {
            List<Passage> passages = read.apply(loaded);
            List<Score> scores = scorer.score(passages, settings);
            List<ScoreReport.Line> lines = new ArrayList<>();
            for (int i = 0; i < passages.size(); i++) {
                Boolean isGreedy = greedy ? scorer.isGreedy(passages.get(i), guidance) : null;
                lines.add(new ScoreReport.Line(text(i), passages.get(i), scores.get(i), isGreedy));
            }
            ScoreReport report = new ScoreReport(settings, lines);
            terminal.out().print(format == OutputFormat.JSON ? report.json() + "\n" : report.text());
        }
        return 0;
    }

    /// Reads what is to be scored, before a model is loaded for it.
    private Function<LanguageModel, List<Passage>> passages() {
        boolean answers = !continuations.isEmpty() || !continuationIds.isEmpty();
        if (texts.isEmpty() && !answers) {
            throw new InvalidRequestException("nothing to score; give --continuation, --continuation-ids or --text");
        }
        if (texts.isEmpty()) {
            Function<LanguageModel, Prompt> before = source.read(prompt, "--prompt", terminal.readsFromTerminal());
            return loaded -> answers(loaded, before.apply(loaded));
        }
        if (answers || prompt != null || source.isGiven()) {
            throw new InvalidRequestException("--text is scored without a prompt; give --continuation for an answer to one");
        }
        return loaded -> texts.stream().map(loaded::passage).toList();
    }

    private List<Passage> answers(LanguageModel loaded, Prompt before) {
        List<Passage> answers = new ArrayList<>();
        continuations.forEach(text -> answers.add(loaded.passage(before, text)));
        if (!continuationIds.isEmpty()) {
            int[] promptIds = loaded.tokenize(before);
            continuationIds.forEach(ids -> answers.add(new Passage(promptIds, ids)));
        }
        return answers;
    }

    /// The text of the i-th thing to score, null where it was given as ids.
    private @Nullable String text(int i) {
        List<String> given = texts.isEmpty() ? continuations : texts;
        return i < given.size() ? given.get(i) : null;
    }
}
