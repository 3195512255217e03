package dev.dllm.runtime.contract;

import dev.dllm.runtime.Tensor;

/// The order of roundings that `linear` and `experts` promise.
final class F32Chain {

    private F32Chain() {}

    /// Fused multiply-adds in ascending order, starting at 0.
    static float dot(float[] x, float[] w) {
        float sum = 0;
        for (int k = 0; k < x.length; k++) {
            sum = Math.fma(x[k], w[k], sum);
        }
        return sum;
    }

    static float[] row(Tensor tensor, int row) {
        float[] values = new float[tensor.cols()];
        for (int c = 0; c < values.length; c++) {
            values[c] = tensor.get(row, c);
        }
        return values;
    }
}
