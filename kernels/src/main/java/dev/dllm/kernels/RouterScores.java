package dev.dllm.kernels;

import static dev.dllm.kernels.tier.Native.f32;
import static dev.dllm.kernels.tier.Native.f64;

/// Arithmetic on a row of router scores, which are float64 numbers in scratch memory.
final class RouterScores {

    private RouterScores() {}

    static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }

    /// The softmax of a row of float32 logits.
    static void softmax(long logits, long scores, int n) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int e = 0; e < n; e++) {
            largest = Math.max(largest, f32(logits + e * 4L));
        }
        double sum = 0;
        for (int e = 0; e < n; e++) {
            double power = Math.exp(f32(logits + e * 4L) - largest);
            f64(scores + e * 8L, power);
            sum += power;
        }
        for (int e = 0; e < n; e++) {
            f64(scores + e * 8L, f64(scores + e * 8L) / sum);
        }
    }

    /// `choice = scores + bias`, if there is a bias.
    ///
    /// @return whether one of them is NaN
    static boolean addBias(long choice, long scores, View bias, int n) {
        boolean broken = false;
        for (int e = 0; e < n; e++) {
            double offset = bias.isSet() ? f32(bias.row(0) + e * 4L) : 0;
            double value = f64(scores + e * 8L) + offset;
            f64(choice + e * 8L, value);
            broken |= Double.isNaN(value);
        }
        return broken;
    }

    /// The index of the largest number, the lowest of several; it becomes NaN, and NaNs are passed over.
    static int takeLargest(long values, int n) {
        int best = -1;
        double largest = Double.NaN;
        for (int i = 0; i < n; i++) {
            double value = f64(values + i * 8L);
            if (value > largest || best < 0 && !Double.isNaN(value)) {
                best = i;
                largest = value;
            }
        }
        f64(values + best * 8L, Double.NaN);
        return best;
    }
}
