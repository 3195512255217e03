package dev.dllm.vote;

/// What the prediction of a step counts for.
///
/// @see "Time Is a Feature; aim-uofa/dLLM-MidTruth, eval/generate.py"
@FunctionalInterface
public interface StepWeight {
    /// The largest alpha: sums of a million such weights are finite.
    int MOST = 500;

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
        if (!(Math.abs(alpha) <= MOST)) {
            throw new IllegalArgumentException("exponential weights with alpha " + alpha + ": needs -" + MOST + " to " + MOST);
        }
        return (step, steps) -> Math.exp(alpha * step / steps);
    }
}
