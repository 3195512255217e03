package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.fail;

import dev.dllm.runtime.Tensor;

/// How far a float32 result may lie from the float64 reference: the only place that says so.
///
/// @param relative largest accepted difference, as a fraction of the magnitude
/// @param normwise whether the magnitude is that of the largest element of the result, because terms of sums cancel, or
///                 that of the element itself
record Tolerance(double relative, boolean normwise) {
    private static final double ULP = 0x1p-23;

    /// Differences below this never count: silu(−88.8) is −2.4e−37, or 0 once e^88.8 has left float32.
    private static final double UNDERFLOW = 0x1p-121;

    /// The same bits, any NaN being equal to any other.
    static final Tolerance EXACT = new Tolerance(0, false);

    /// A few roundings and at most one function such as an exponential.
    static final Tolerance FEW_ROUNDINGS = new Tolerance(8 * ULP, false);

    /// A sum of `length` products: the errors of its roundings add up like a random walk.
    static Tolerance sum(int length) {
        return new Tolerance((8 + 2 * Math.sqrt(length)) * ULP, true);
    }

    /// Fails unless every element of `actual` is close enough to that of `expected`.
    void check(String what, Tensor expected, Tensor actual) {
        double largest = normwise ? largest(expected) : 0;
        for (int r = 0; r < expected.rows(); r++) {
            for (int c = 0; c < expected.cols(); c++) {
                if (!accepts(expected.get(r, c), actual.get(r, c), largest)) {
                    reject("%s at (%d, %d)".formatted(what, r, c), expected.get(r, c), actual.get(r, c));
                }
            }
        }
    }

    /// Fails unless `actual` is close enough to `expected`.
    void check(String what, float expected, float actual) {
        if (!accepts(expected, actual, 0)) {
            reject(what, expected, actual);
        }
    }

    private boolean accepts(float expected, float actual, double magnitude) {
        if (Float.floatToIntBits(expected) == Float.floatToIntBits(actual)) {
            return true;
        }
        if (relative == 0 || !Float.isFinite(expected)) {
            return false;
        }
        double limit = relative * Math.max(Math.abs(expected), magnitude) + UNDERFLOW;
        return Math.abs((double) actual - expected) <= limit;
    }

    private void reject(String what, float expected, float actual) {
        fail("%s: expected %s (%08x), found %s (%08x), accepted relative difference %.3g%s".formatted(
                what, expected, Float.floatToRawIntBits(expected), actual, Float.floatToRawIntBits(actual), relative,
                normwise ? " of the largest element" : ""));
    }

    private static double largest(Tensor tensor) {
        double largest = 0;
        for (int r = 0; r < tensor.rows(); r++) {
            for (int c = 0; c < tensor.cols(); c++) {
                float value = Math.abs(tensor.get(r, c));
                largest = Float.isFinite(value) ? Math.max(largest, value) : largest;
            }
        }
        return largest;
    }
}
