package dev.dllm.runtime;

/// Counter-based randomness: a draw is a function of (seed, step, position, token), so that it is the same whatever the
/// batch, the number of threads or the backend. Backends draw from these functions or from exact copies of them.
///
/// The mixer is the finaliser of SplitMix64 (Steele, Lea & Flood 2014), applied to each counter in turn.
public final class Noise {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Noise() {}

    /// The key of one row: which request, which step, which position.
    public static long key(long seed, int step, int position) {
        return mix(mix(mix(seed + GOLDEN) + step * GOLDEN) + position * GOLDEN);
    }

    /// Uniform in the open interval (0, 1), 52 bits, for one token of the row with this key.
    public static double uniform(long key, int token) {
        return ((mix(key + (token + 1L) * GOLDEN) >>> 12) + 0.5) * 0x1p-52;
    }

    /// A standard Gumbel variate, −ln(−ln u), in float64. LLaDA's authors warn that low precision here costs quality.
    public static double gumbel(long key, int token) {
        return -Math.log(-Math.log(uniform(key, token)));
    }

    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
