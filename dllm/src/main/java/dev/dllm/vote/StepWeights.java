package dev.dllm.vote;

import dev.dllm.choice.Choices;

/// The weights of steps by name.
public final class StepWeights {
    /// Sums of a million exponential weights with such an alpha are finite.
    static final int MOST_ALPHA = 500;

    private static final Choices<StepWeight> WEIGHTS = new Choices<>("weight of steps");

    static {
        WEIGHTS.add("fixed", "", _ -> StepWeight.fixed());
        WEIGHTS.add("linear", "", _ -> StepWeight.linear());
        WEIGHTS.add("exponential", "[alpha]", a -> StepWeight.exponential(a.decimal(0, 5)));
    }

    private StepWeights() {}

    /// Reads a name, then for `exponential` optionally a colon and its alpha.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the value does not fit it
    public static StepWeight parse(String text) {
        return WEIGHTS.parse(text);
    }
}
