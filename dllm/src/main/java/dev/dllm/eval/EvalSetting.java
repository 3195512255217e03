package dev.dllm.eval;

import dev.dllm.decode.DecodeSettings;

/// What is evaluated. Immutable.
///
/// @param name       what reports call it
/// @param settings   how answers are generated
/// @param fitsAnswer whether the generation length is the expected answer's tokens, rounded up to a multiple of 32, instead of
///                   that of the settings
public record EvalSetting(String name, DecodeSettings settings, boolean fitsAnswer) {
    private static final int GRAIN = 32;

    /// The settings for a question whose expected answer has so many tokens.
    DecodeSettings settings(int answerTokens) {
        return fitsAnswer ? settings.withGenLength(Math.max(1, Math.ceilDiv(answerTokens, GRAIN)) * GRAIN) : settings;
    }
}
