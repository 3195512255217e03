package dev.dllm.vote;

/// What the prediction of a step counts for.
///
/// @see "Time Is a Feature; aim-uofa/dLLM-MidTruth, eval/generate.py"
@FunctionalInterface
public interface StepWeight {
    /// @param step  from 0
    /// @param steps that a run has
    double of(int step, int steps);

    /// Every step counts for one.
    static StepWeight fixed() {
        return (_, _) -> 1;
    }

    /// The share of the steps that are over, this one counted.
    static StepWeight linear() {
        return (step, steps) -> (step + 1.0) / steps;
    }

    /// Exponential in the share of the steps that are over.
    ///
    /// @param alpha the authors' best is 5
    /// @throws IllegalArgumentException if it is no number, or so far from 0 that weights would be infinite
    static StepWeight exponential(double alpha) {
        if (!(Math.abs(alpha) <= StepWeights.MOST_ALPHA)) {
            throw new IllegalArgumentException("exponential weights with alpha %s: needs -%d to %d"
                    .formatted(alpha, StepWeights.MOST_ALPHA, StepWeights.MOST_ALPHA));
        }
        return (step, steps) -> Math.exp(alpha * step / steps);
    }
}
