package dev.dllm.score;

import java.util.List;
import java.util.function.ToDoubleFunction;

/// How likely a text is. What the number is an estimate of, the [Estimator] says.
///
/// @param logLikelihood     natural logarithm, summed over the scored tokens
/// @param tokens            scored
/// @param samples           masked copies that were computed
/// @param positionsComputed positions computed for them
public record Score(double logLikelihood, int tokens, int samples, long positionsComputed) {

    /// Mean log-likelihood of a token: what compares texts of different lengths.
    public double perToken() {
        return logLikelihood / tokens;
    }

    /// `exp` of minus the mean: among how many tokens, so to speak, the model wavers.
    public double perplexity() {
        return Math.exp(-perToken());
    }

    /// The answer to a multiple choice: index of the score with the highest value, the first one if several have it.
    ///
    /// @param scores at least one
    /// @param by     `Score::logLikelihood` as benchmarks do unless they say otherwise, or `Score::perToken`
    public static int best(List<Score> scores, ToDoubleFunction<Score> by) {
        int best = 0;
        for (int i = 1; i < scores.size(); i++) {
            if (by.applyAsDouble(scores.get(i)) > by.applyAsDouble(scores.get(best))) {
                best = i;
            }
        }
        return best;
    }
}
