package dev.dllm.cli;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.Candidates;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Edits;
import dev.dllm.tokenizer.Tokenizer;
import dev.dllm.vote.ScheduleVote;
import dev.dllm.vote.TemporalVote;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `dllm vote`: the answer that most of several predictions agree on.
///
/// @see dev.dllm.vote
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "vote",
        description = "Lets several generations, or the steps of one, vote for an answer.",
        footer = {
            "",
            "--answer finds the answer in a text: the first group of the regular expression,",
            "or all of what it matches, where it matches last. Equal answers add up. The",
            "winner is printed alone in the first line, then a table of all answers; of equal",
            "ones the first that was given wins.",
            "",
            "Exit code 1 if no text has an answer.",
            "",
            "Examples:",
            "  dllm vote \"What is 12 + 30?\" --answer '(-?\\d+)\\s*$'",
            "  dllm vote \"What is 12 + 30?\" --answer '(-?\\d+)\\s*$' \\",
            "       --block-lengths 16,32 --seeds 5 --temperature 0.9",
            "  dllm vote \"What is 12 + 30?\" --answer '(-?\\d+)\\s*$' --by steps \\",
            "       --attention bidirectional --unmasking schedule"
        })
final class VoteCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private PromptOptions prompt = new PromptOptions();

    @Option(names = "--answer", paramLabel = "REGEX", required = true, converter = AnswerPattern.Converter.class,
            description = "Regular expression that finds the answer in a text.")
    private AnswerPattern answer = new AnswerPattern(Pattern.compile(""));

    @Mixin private VoteOptions vote = new VoteOptions();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", converter = ConstantConverter.OfFormat.class,
            description = "text, or json with every voter's text (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe model:%n", order = 20)
    private ModelOptions model = new ModelOptions();

    @ArgGroup(exclusive = false, validate = false, heading = DecodeOptions.HEADING, order = 10)
    private DecodeOptions decode = new DecodeOptions();

    @Mixin private HelpOption help = new HelpOption();

    VoteCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        vote.check(decode);
        Function<LanguageModel, Prompt> read = prompt.read(terminal.readsFromTerminal());
        try (LanguageModel loaded = model.load();
                LanguageModel judge = decode.loadVerifier(model.options());
                Session session = loaded.newSession()) {
            Tokenizer tokenizer = loaded.tokenizer().orElseThrow(() -> new InvalidRequestException(
                    loaded.source() + " has no tokenizer.json, without which no text has an answer"));
            GenerationRequest request = new GenerationRequest(read.apply(loaded), decode.apply(loaded.settings(), judge));
            vote.check(request.settings());
            decode.warn(request.settings(), terminal);
            VoteReport report = switch (vote.voters()) {
                case STEPS -> steps(session, request, tokenizer);
                case SCHEDULES -> schedules(session, request);
            };
            return print(report);
        }
    }

    private int print(VoteReport report) {
        if (format == OutputFormat.JSON) {
            terminal.out().println(report.json());
        } else if (report.hasWinner()) {
            terminal.out().println(report.winner());
            terminal.err().print(report.table());
        }
        if (!report.hasWinner()) {
            terminal.err().println("dllm: " + Main.oneLine(report.complaint()));
        } else if (format == OutputFormat.TEXT && terminal.reportsToTerminal()) {
            terminal.err().println(report.summary());
        }
        return report.hasWinner() ? 0 : Main.CHECK_FAILED;
    }

    /// One generation, whose calls vote.
    private VoteReport steps(Session session, GenerationRequest request, Tokenizer tokenizer) {
        Progress progress = new Progress(terminal, request.settings());
        Function<int[], String> read = ids -> text(ids, request.settings(), tokenizer);
        TemporalVote<String> votes = new TemporalVote<>(vote.weight(), read.andThen(answer::in));
        GenerationResult result = session.generate(request, new GenerationListener() {
            @Override
            public boolean watchesProposals() {
                return true;
            }

            @Override
            public void proposed(int sequence, int call, Canvas canvas, Candidates candidates) {
                votes.proposed(sequence, call, canvas, candidates);
            }

            @Override
            public void called(int sequence, int call, Canvas canvas, Edits edits) {
                progress.called(call, canvas);
            }
        });
        progress.clear();
        List<VoteReport.Voter> voters = new ArrayList<>();
        for (TemporalVote.Prediction<String> prediction : votes.predictions(0)) {
            Map<String, Long> place = Map.of("call", (long) voters.size());
            voters.add(new VoteReport.Voter(place, read.apply(prediction.ids()), prediction.answer()));
        }
        return new VoteReport(votes.ballot(0), "step", voters, result.calls(), result.positionsComputed(), result.seconds());
    }

    /// The text that ends where a generation ends: before the first EOS, or at its length.
    static String text(int[] predicted, DecodeSettings settings, Tokenizer tokenizer) {
        int end = 0;
        while (end < Math.min(predicted.length, settings.genLength()) && !settings.stop().isEos(predicted[end])) {
            end++;
        }
        return tokenizer.decode(Arrays.copyOf(predicted, end), true);
    }

    /// Generations in one batch, which vote.
    private VoteReport schedules(Session session, GenerationRequest request) {
        List<GenerationRequest> requests = vote.requests(request, decode.seed());
        Batch batch = Batch.generate(session, requests, terminal);
        ScheduleVote<String> votes = new ScheduleVote<>(batch.results(), result -> answer.in(result.text()));
        List<VoteReport.Voter> voters = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            Map<String, Long> place = new LinkedHashMap<>();
            place.put("block_length", (long) requests.get(i).settings().blockLength());
            place.put("seed", decode.seed() + i % vote.seeds());
            voters.add(new VoteReport.Voter(place, batch.results().get(i).text(), votes.answers().get(i)));
        }
        return new VoteReport(votes.ballot(), "generation", voters, batch.calls(), batch.positions(), batch.seconds());
    }
}
