package dev.dllm.decode;

import java.util.function.IntToDoubleFunction;

/// Trusts proposals of rare tokens more than those of common ones, which a model tends to propose everywhere: confidences are
/// multiplied by −ln of the token's frequency, up to a limit.
///
/// @param frequencies share of each token in a text corpus, in [0, 1], by id; owned, not copied
/// @param limit       that no confidence exceeds
/// @see "PC-Sampler, arXiv:2508.13021; Kamichanw/d2Cache, generation/utils.py (debias)"
public record TokenRarity(float[] frequencies, float limit) implements ConfidenceAdjustment {
    /// The authors' limit.
    public static final float DEFAULT_LIMIT = 10;

    /// Keeps the logarithm of a token that never occurs finite.
    private static final double EPSILON = 1e-10;

    public TokenRarity {
        for (int token = 0; token < frequencies.length; token++) {
            if (!(frequencies[token] >= 0 && frequencies[token] <= 1)) {
                throw new IllegalArgumentException(
                        "frequency " + frequencies[token] + " of token " + token + ": needs a share from 0 to 1");
            }
        }
        if (!(limit > 0)) {
            throw new IllegalArgumentException("confidence limit " + limit + ": needs a positive number");
        }
    }

    @Override
    public void requireFits(int vocabulary) {
        if (frequencies.length < vocabulary) {
            throw new IllegalArgumentException("frequencies of " + frequencies.length
                    + " tokens for a model with " + vocabulary + ": needs one for each");
        }
    }

    @Override
    public void adjust(Canvas canvas, int[] positions, int[] tokens, float[] confidence, IntToDoubleFunction uniform) {
        for (int i = 0; i < tokens.length; i++) {
            double rarity = Math.max(0, -Math.log(frequencies[tokens[i]] + EPSILON));
            confidence[i] = Math.min(ConfidenceAdjustment.scaled(confidence[i], rarity), limit);
        }
    }

    @Override
    public String toString() {
        return "rarity of " + frequencies.length + " tokens, up to " + limit;
    }
}
