package dev.dllm.kernels;

import dev.dllm.runtime.Noise;

/// The arg-max of tempered logits plus Gumbel noise, over tokens that are offered one by one; the lowest id wins ties.
///
/// Two logarithms per token of a large vocabulary would cost more than the rest of `propose`, and nearly all tokens are
/// far from winning. So a bound comes first: with `u` the uniform variate, −ln u ≥ 1 − u, hence the noise −ln(−ln u) is
/// at most −ln(1 − u), and the exponent of 1 − u bounds that. Only a token that could win has its noise computed; the
/// result is the same. Mutable; not thread-safe.
final class GumbelMax {
    private static final double LN_2 = Math.log(2);
    /// Covers the rounding of the noise.
    private static final double MARGIN = 1e-9;

    private long key;
    private float temperature;
    private double largest;
    private int token;

    /// Starts a row.
    void start(long key, float temperature) {
        this.key = key;
        this.temperature = temperature;
        largest = Double.NEGATIVE_INFINITY;
        token = -1;
    }

    /// Offers a token. Tokens may come in any order, and again.
    void offer(int id, float logit) {
        double tempered = (double) logit / temperature;
        double bound = -Math.getExponent(1 - Noise.uniform(key, id)) * LN_2 + MARGIN;
        if (tempered + bound < largest) {
            return;
        }
        double noisy = tempered + Noise.gumbel(key, id);
        if (noisy > largest || noisy == largest && id < token) {
            largest = noisy;
            token = id;
        }
    }

    /// The winner.
    int token() {
        return token;
    }
}
