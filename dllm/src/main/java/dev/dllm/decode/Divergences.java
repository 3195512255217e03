package dev.dllm.decode;

import org.jspecify.annotations.Nullable;

/// How much the distribution of each position changed over the last calls that computed it. Not thread-safe.
final class Divergences {
    /// Keeps logarithms finite.
    private static final double EPSILON = 1e-12;

    private final float @Nullable [][] previous;
    private final double[][] last;

    /// @param positions of the canvas
    /// @param history   values that are kept of each
    Divergences(int positions, int history) {
        previous = new float[positions][];
        last = new double[positions][history];
    }

    /// Remembers how much a distribution differs from the last one of its position.
    ///
    /// @param logits of the whole vocabulary
    void add(int position, float[] logits) {
        float[] before = previous[position];
        if (before == null) {
            before = new float[logits.length];
            previous[position] = before;
        }
        double[] values = last[position];
        System.arraycopy(values, 1, values, 0, values.length - 1);
        values[values.length - 1] = replace(before, logits);
    }

    /// Whether every remembered value is below a bound. One that was never added counts as 0.
    boolean allBelow(int position, float bound) {
        for (double value : last[position]) {
            if (value >= bound) {
                return false;
            }
        }
        return true;
    }

    double newest(int position) {
        return last[position][last[position].length - 1];
    }

    /// Lets go of a position's distribution, which nobody asks for any more.
    void forget(int position) {
        previous[position] = null;
    }

    /// @param probabilities of the last distribution; receives those of this one
    /// @return Σ p ln(p / p′), in nats
    private static double replace(float[] probabilities, float[] logits) {
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            max = Math.max(max, logit);
        }
        double total = 0;
        for (float logit : logits) {
            total += Math.exp(logit - max);
        }
        double divergence = 0;
        for (int token = 0; token < logits.length; token++) {
            double p = Math.exp(logits[token] - max) / total;
            divergence += p * Math.log((p + EPSILON) / (probabilities[token] + EPSILON));
            probabilities[token] = (float) p;
        }
        return divergence;
    }
}
