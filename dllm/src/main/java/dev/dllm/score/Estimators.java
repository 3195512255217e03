package dev.dllm.score;

import dev.dllm.InvalidRequestException;

/// The estimators by name.
public final class Estimators {
    private static final String KNOWN = "monte-carlo[:samples], pseudo, left-to-right, all-masked";
    private static final int SAMPLES = 128;

    private Estimators() {}

    /// The authors' choice: 128 random masks.
    public static Estimator monteCarlo(long seed) {
        return new MonteCarlo(SAMPLES, seed);
    }

    /// Reads an estimator as [Estimator#toString] writes it.
    ///
    /// @param seed of its randomness, if it has any
    /// @throws InvalidRequestException if the name is unknown or the number does not fit it
    public static Estimator parse(String text, long seed) {
        String counted = "monte-carlo:";
        return switch (text) {
            case "monte-carlo" -> monteCarlo(seed);
            case "pseudo" -> new OneByOne();
            case "left-to-right" -> new LeftToRight();
            case "all-masked" -> new AllMasked();
            case String _ when text.startsWith(counted) ->
                new MonteCarlo(number(text, text.substring(counted.length())), seed);
            default -> throw new InvalidRequestException("unknown estimator '" + text + "'; known: " + KNOWN);
        };
    }

    private static int number(String text, String number) {
        try {
            return Integer.parseInt(number.strip());
        } catch (NumberFormatException _) {
            throw new InvalidRequestException("estimator '" + text + "': '" + number + "' is no whole number");
        }
    }
}
