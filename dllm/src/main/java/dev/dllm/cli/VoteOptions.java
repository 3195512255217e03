package dev.dllm.cli;

import dev.dllm.GenerationRequest;
import dev.dllm.InvalidRequestException;
import dev.dllm.decode.Anchor;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.model.AttentionPattern.Bidirectional;
import dev.dllm.vote.ScheduleVote;
import dev.dllm.vote.StepWeight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Who votes for an answer.
final class VoteOptions {
    /// Who votes.
    enum Voters {
        /// The network calls of one generation.
        STEPS,
        /// Generations in blocks of several lengths.
        SCHEDULES
    }

    private static final int[] BLOCK_LENGTHS = {8, 16, 32};

    @Option(names = "--by", paramLabel = "VOTERS", defaultValue = "schedules", converter = ConstantConverter.OfVoters.class,
            description = "schedules: generations in blocks of several lengths; steps: the network calls of one generation, each by "
                    + "its best token for every mask; needs bidirectional attention (default: ${DEFAULT-VALUE}).")
    private Voters voters = Voters.SCHEDULES;

    @Option(names = "--block-lengths", paramLabel = "N,N", split = ",",
            description = "The block lengths of --by schedules, one generation each (default: 8,16,32). Of those that cut the text "
                    + "alike, being longer than it is, the first has the vote.")
    private int @Nullable [] blockLengths;

    @Option(names = "--seeds", paramLabel = "N",
            description = "Generations per block length of --by schedules, each with a seed of its own, counted from --seed on "
                    + "(default: 1).")
    private @Nullable Integer seeds;

    @Option(names = "--weight", paramLabel = "WEIGHT", converter = StepWeightConverter.class,
            description = "What a call of --by steps counts for: fixed, linear in its place or exponential[:alpha] "
                    + "(default: exponential:5).")
    private @Nullable StepWeight weight;

    Voters voters() {
        return voters;
    }

    StepWeight weight() {
        return weight == null ? StepWeight.exponential(5) : weight;
    }

    /// @throws InvalidRequestException if an option is for the other kind of voters, or a number out of range
    void check(DecodeOptions decode) {
        if (voters == Voters.STEPS && (blockLengths != null || seeds != null)) {
            throw new InvalidRequestException("--block-lengths and --seeds are for --by schedules; this is --by steps");
        }
        if (voters == Voters.SCHEDULES && weight != null) {
            throw new InvalidRequestException("--weight is for --by steps; this is --by schedules, where every generation has one vote");
        }
        if (voters == Voters.SCHEDULES && decode.fixesBlockLength()) {
            throw new InvalidRequestException("--block-length: with --by schedules give --block-lengths");
        }
        if (seeds() < 1 || blockLengths().length == 0 || (long) seeds() * blockLengths().length > Batch.MOST) {
            throw new InvalidRequestException("--seeds " + seeds() + " for each of " + Plural.of(blockLengths().length, "block length")
                    + ": needs 1 to " + Batch.MOST + " generations");
        }
    }

    /// @throws InvalidRequestException if the settings make nothing to vote on
    void check(DecodeSettings settings) {
        if (voters == Voters.STEPS && !(settings.attention() instanceof Bidirectional)) {
            throw new InvalidRequestException("--by steps needs a whole text from every call, so bidirectional attention; this one is "
                    + settings.attention() + "; give --attention bidirectional");
        }
        DecodeOptions.requireDraws("--seeds", seeds(), settings);
    }

    /// The generations of `--by schedules`, those of a block length behind each other. A generation gets as many calls as it
    /// would in the blocks of the settings.
    List<GenerationRequest> requests(GenerationRequest request, long firstSeed) {
        DecodeSettings settings = request.settings();
        List<GenerationRequest> seeded = request.withSeeds(firstSeed, seeds());
        int steps = settings.steps() * Math.ceilDiv(settings.genLength(), Math.min(settings.blockLength(), settings.genLength()));
        List<GenerationRequest> requests = new ArrayList<>();
        for (int blockLength : differing(settings)) {
            seeded.forEach(run -> requests.addAll(ScheduleVote.requests(run, steps, blockLength)));
        }
        return requests;
    }

    /// The block lengths without those that would give the text of another one: where every position sees all others and blocks are
    /// counted from the end of the prompt, all that hold the whole text do.
    private int[] differing(DecodeSettings settings) {
        boolean alike = settings.attention() instanceof Bidirectional
                && settings.anchor() != Anchor.START
                && settings.unmasking().longest(settings.genLength()) == settings.genLength();
        Set<Integer> seen = new HashSet<>();
        return Arrays.stream(blockLengths())
                .filter(length -> seen.add(alike ? Math.min(length, settings.genLength()) : length))
                .toArray();
    }

    private int[] blockLengths() {
        return blockLengths == null ? BLOCK_LENGTHS : blockLengths;
    }

    /// Generations per block length.
    int seeds() {
        return seeds == null ? 1 : seeds;
    }
}
