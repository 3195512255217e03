package dev.dllm.golden.method;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Sampling;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import dev.dllm.score.Scorer;
import dev.dllm.vote.ScheduleVote;
import dev.dllm.vote.StepWeight;
import dev.dllm.vote.TemporalVote;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Voting: over the steps of a run, and over runs in blocks of several lengths (HEX).
final class VotingMethods {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();
    private static final double TOLERANCE = 1e-4;

    private VotingMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "temporal_voting" -> temporal(run);
            case "hex" -> hex(run);
            default -> null;
        });
    }

    private static DecodeCase temporal(GoldenRun run) {
        DecodeCase llada = new DecodeCase(LladaMethods.llada(run));
        float alpha = run.params().number("alpha", 5);
        StepWeight weight = switch (run.params().text("vote_method", "exp")) {
            case "fixed" -> StepWeight.fixed();
            case "linear" -> StepWeight.linear();
            case "exp" -> StepWeight.exponential(alpha);
            default -> throw new UnsupportedCaseException("vote_method '" + run.params().text("vote_method", "") + "'");
        };
        TemporalVote<Integer> vote = new TemporalVote<>(weight, answer(run.params().nested("answer"))::of);
        return new DecodeCase(llada.requests(), llada.order(), llada.output(), new Extras() {
            @Override
            public GenerationListener listener() {
                return vote;
            }

            @Override
            public @Nullable String differs(LanguageModel model, List<GenerationResult> results) {
                List<Optional<Integer>> found = vote.predictions(0).stream().map(TemporalVote.Prediction::answer).toList();
                String answers = VotingMethods.differs("step_answers", texts(run.golden().path("step_answers")), texts(found));
                String winner = VotingMethods.differs("vote_answer", text(run.golden().path("vote_answer")), text(vote.ballot(0).winner()));
                return answers != null ? answers : winner != null ? winner : weights(run.golden().path("vote_weights"));
            }

            private @Nullable String weights(JsonNode expected) {
                Map<String, Double> found = vote.ballot(0).totals().entrySet().stream()
                        .collect(Collectors.toMap(total -> total.getKey().toString(), Map.Entry::getValue));
                boolean equal = found.keySet().equals(Set.copyOf(expected.propertyNames()))
                        && found.entrySet().stream().allMatch(total ->
                                near(expected.path(total.getKey()).asDouble(), total.getValue()));
                return equal ? null : "vote_weights: expected " + expected + ", found " + found;
            }
        });
    }

    /// One run per block length, one after the other.
    private static DecodeCase hex(GoldenRun run) {
        int steps = run.params().integer("steps", 128);
        int[] blockLengths = run.params().integers("block_lengths");
        DecodeSettings settings = GoldenRun.parity(FULL, run.params().integer("gen_length", 256), blockLengths[0])
                .withSampling(run.filters(Sampling.llada()));
        boolean likeliest = switch (run.params().text("selecting_rule", "frequency")) {
            case "frequency" -> false;
            case "frequency_tie_lowest_nll" -> true;
            default -> throw new UnsupportedCaseException("selecting_rule '" + run.params().text("selecting_rule", "") + "'");
        };
        Answer answer = answer(run.params().nested("answer"));
        return new DecodeCase(
                prompts -> ScheduleVote.requests(
                        new GenerationRequest(Prompt.ids(prompts.getFirst()), settings), steps, blockLengths),
                DecodeCase.Order.ONE_AFTER_ANOTHER, DecodeCase.Output.CANVAS,
                (model, results) -> differs(run.golden(), answer, likeliest, model, results));
    }

    private static @Nullable String differs(
            JsonNode golden, Answer answer, boolean likeliest, LanguageModel model, List<GenerationResult> results) {
        ScheduleVote<Integer> vote = new ScheduleVote<>(results, result -> answer.of(result.ids()));
        double[] likelihoods;
        Optional<Integer> winner;
        try (Scorer scorer = new Scorer(model)) {
            likelihoods = vote.likelihoods(scorer);
            winner = likeliest ? vote.likeliestWinner(scorer) : vote.winner();
        }
        JsonNode recorded = golden.path("mean_log_likelihood");
        for (int i = 0; i < likelihoods.length; i++) {
            if (!near(recorded.path(i).asDouble(), likelihoods[i])) {
                return "mean_log_likelihood: expected " + recorded + ", found " + Arrays.toString(likelihoods);
            }
        }
        String answers = differs("answers", texts(golden.path("answers")), texts(vote.answers()));
        String tied = differs(
                "vote_tied", text(golden.path("vote_tied")), Boolean.toString(vote.ballot().leaders().size() > 1));
        String chosen = differs("vote_answer", text(golden.path("vote_answer")), text(winner));
        return answers != null ? answers : tied != null ? tied : chosen;
    }

    /// The stand-in for a reader of texts: the sum of some generated ids, modulo a number; one value means no answer.
    private record Answer(int[] offsets, int modulus, int none) {
        Optional<Integer> of(int[] ids) {
            int sum = Arrays.stream(offsets).map(offset -> ids[offset]).sum() % modulus;
            return sum == none ? Optional.empty() : Optional.of(sum);
        }
    }

    private static Answer answer(Params params) {
        return new Answer(params.integers("offsets"), params.integer("mod", 1), params.integer("none", -1));
    }

    private static @Nullable String differs(String what, Object expected, Object found) {
        return expected.equals(found) ? null : what + ": expected " + expected + ", found " + found;
    }

    private static List<String> texts(JsonNode nodes) {
        return nodes.valueStream().map(VotingMethods::text).toList();
    }

    private static List<String> texts(List<Optional<Integer>> answers) {
        return answers.stream().map(VotingMethods::text).toList();
    }

    private static String text(JsonNode node) {
        return node.isNull() || node.isMissingNode() ? "none" : node.asString();
    }

    private static String text(Optional<Integer> answer) {
        return answer.map(Object::toString).orElse("none");
    }

    private static boolean near(double expected, double found) {
        return Math.abs(expected - found) <= TOLERANCE * Math.max(1, Math.abs(expected));
    }
}
