package dev.dllm.eval;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a setting has come to: accuracy, and what it cost. Immutable.
///
/// @param setting  its name
/// @param families right and asked by family
/// @param prompts  answered
/// @param of       questions there are; more than `prompts` while the evaluation goes on, or if it was interrupted
/// @param calls    network calls (NFE), summed over the prompts; those of a batch count for each of its prompts
/// @param positions computed by these calls
/// @param tokens   generated, an EOS at the end included
/// @param seconds  of generation
public record EvalReport(
        String setting, SortedMap<String, Tally> families, int prompts, int of, long calls, long positions, long tokens,
        double seconds) {

    /// @param right questions answered
    /// @param asked all of them
    public record Tally(int right, int asked) {
        /// From 0 to 1.
        public double accuracy() {
            return (double) right / asked;
        }

        Tally plus(boolean answered) {
            return new Tally(right + (answered ? 1 : 0), asked + 1);
        }
    }

    public EvalReport {
        families = Collections.unmodifiableSortedMap(new TreeMap<>(families));
    }

    /// The report of a setting that was evaluated several times: what is counted, which is the same every time, and the median
    /// of the seconds, which load from elsewhere and a JVM that still compiles move least.
    ///
    /// @param rounds one report or more
    /// @throws IllegalStateException if they differ in more than the seconds; then a generation was no function of its setting
    public static EvalReport median(List<EvalReport> rounds) {
        EvalReport first = rounds.getFirst();
        for (EvalReport round : rounds) {
            if (!round.withSeconds(first.seconds).equals(first)) {
                throw new IllegalStateException("the same setting came to " + first + " and to " + round);
            }
        }
        double[] seconds = rounds.stream().mapToDouble(EvalReport::seconds).sorted().toArray();
        return first.withSeconds((seconds[(seconds.length - 1) / 2] + seconds[seconds.length / 2]) / 2);
    }

    private EvalReport withSeconds(double other) {
        return new EvalReport(setting, families, prompts, of, calls, positions, tokens, other);
    }

    /// Whether every question was asked.
    public boolean isComplete() {
        return prompts == of;
    }

    /// Mean over the families, from 0 to 1; NaN before the first prompt.
    public double accuracy() {
        return families.values().stream().mapToDouble(Tally::accuracy).average().orElse(Double.NaN);
    }

    public double forwardsPerPrompt() {
        return (double) calls / prompts;
    }

    public double positionsPerPrompt() {
        return (double) positions / prompts;
    }

    public double tokensPerForward() {
        return (double) tokens / calls;
    }

    /// Depends on the size of batches, which nothing else does.
    public double tokensPerSecond() {
        return tokens / seconds;
    }

    public double secondsPerPrompt() {
        return seconds / prompts;
    }
}
