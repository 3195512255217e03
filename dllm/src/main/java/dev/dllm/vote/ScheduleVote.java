package dev.dllm.vote;

import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.Passage;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.score.AllMasked;
import dev.dllm.score.Score;
import dev.dllm.score.ScoreSettings;
import dev.dllm.score.Scorer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Lets generations in blocks of different lengths vote: each length is an expert of its own, and what most of them say is
/// more often right than any one of them.
///
/// ```java
/// List<GenerationResult> runs = session.generate(ScheduleVote.requests(request, 256 / 2, 8, 16, 32, 64, 128), NONE);
/// ScheduleVote<String> vote = new ScheduleVote<>(runs, result -> number(result.text()));
/// vote.winner();
/// ```
///
/// @see "HEX, arXiv:2510.05040; junos-ai-org/hex, HEX/eval"
public final class ScheduleVote<A> {
    private final List<GenerationResult> runs;
    private final List<Optional<A>> answers;
    private final Ballot<A> ballot;

    /// @param runs   in the order of their block lengths; of answers with equally many votes the first wins
    /// @param answer what a run says, if it says anything
    public ScheduleVote(List<GenerationResult> runs, Function<GenerationResult, Optional<A>> answer) {
        this.runs = List.copyOf(runs);
        this.answers = runs.stream().map(answer).toList();
        this.ballot = Ballot.of(answers);
    }

    /// The same request for each block length.
    ///
    /// @param steps network calls of a whole run, spread evenly over its blocks; 0 for one per token
    /// @throws IllegalArgumentException if a length is out of range, or the calls do not suffice for one per block
    public static List<GenerationRequest> requests(GenerationRequest request, int steps, int... blockLengths) {
        return Arrays.stream(blockLengths).mapToObj(length -> request(request, steps, length)).toList();
    }

    private static GenerationRequest request(GenerationRequest request, int steps, int blockLength) {
        DecodeSettings settings = request.settings().withBlockLength(blockLength);
        int blocks = Math.ceilDiv(settings.genLength(), blockLength);
        if (steps > 0 && steps < blocks) {
            throw new IllegalArgumentException(
                    "%d calls for %d blocks of %d: needs at least one per block".formatted(steps, blocks, blockLength));
        }
        return new GenerationRequest(request.prompt(), request.template(), settings.withSteps(steps / blocks));
    }

    /// What each run answered.
    public List<Optional<A>> answers() {
        return answers;
    }

    /// The votes, one per run that has an answer.
    public Ballot<A> ballot() {
        return ballot;
    }

    /// The most frequent answer; the first of several.
    public Optional<A> winner() {
        return ballot.winner();
    }

    /// The most frequent answer; of several the one of the run that the model finds likeliest where all its tokens are masks.
    public Optional<A> likeliestWinner(Scorer scorer) {
        List<A> leaders = ballot.leaders();
        if (leaders.size() < 2) {
            return winner();
        }
        double[] likelihood = likelihoods(scorer);
        return IntStream.range(0, runs.size())
                .filter(run -> answers.get(run).filter(leaders::contains).isPresent())
                .boxed()
                .max((a, b) -> likelihood[a] != likelihood[b] ? Double.compare(likelihood[a], likelihood[b]) : b - a)
                .flatMap(answers::get);
    }

    /// The mean log-likelihood of a generated token of each run, where all its tokens are masks.
    public double[] likelihoods(Scorer scorer) {
        List<Passage> passages = runs.stream().map(GenerationResult::passage).toList();
        return scorer.score(passages, ScoreSettings.defaults().withEstimator(new AllMasked())).stream()
                .mapToDouble(Score::perToken)
                .toArray();
    }
}
