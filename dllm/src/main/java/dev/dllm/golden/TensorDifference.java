package dev.dllm.golden;

import dev.dllm.runtime.Tensor;
import org.jspecify.annotations.Nullable;

/// Compares matrices element by element.
final class TensorDifference {

    private TensorDifference() {}

    /// @param tolerance largest absolute difference that counts as equal
    /// @return the largest difference and where it is, or null if all are within the tolerance; NaN never is
    static @Nullable String of(String what, Tensor expected, Tensor found, float tolerance) {
        if (expected.rows() != found.rows() || expected.cols() != found.cols()) {
            return what + ": expected " + expected + ", found " + found;
        }
        float worst = 0;
        String where = null;
        for (int row = 0; row < expected.rows(); row++) {
            for (int col = 0; col < expected.cols(); col++) {
                float difference = Math.abs(expected.get(row, col) - found.get(row, col));
                if (!(difference <= tolerance) && !(difference <= worst)) {
                    worst = difference;
                    where = "%s[%d, %d]: expected %s, found %s: %.3g apart, %.3g accepted".formatted(
                            what, row, col, expected.get(row, col), found.get(row, col), difference, tolerance);
                }
            }
        }
        return where;
    }

    /// The largest magnitude in a matrix.
    static float largestMagnitude(Tensor t) {
        float largest = 0;
        for (int row = 0; row < t.rows(); row++) {
            for (int col = 0; col < t.cols(); col++) {
                largest = Math.max(largest, Math.abs(t.get(row, col)));
            }
        }
        return largest;
    }
}
