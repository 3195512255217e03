package dev.dllm.runtime.contract;

import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;

/// The order of roundings that `linear` and `experts` promise.
final class F32Chain {

    private F32Chain() {}

    /// Row `i` of `x` times channel `n` of a row-major weight: fused multiply-adds in ascending `k`, then the scale.
    static float product(Tensor x, int i, Weight w, int n) {
        float sum = 0;
        for (int k = 0; k < w.cols(); k++) {
            sum = Math.fma(x.get(i, k), w.values().get(n, k), sum);
        }
        return w.scales() == null ? sum : sum * w.scales().get(0, n);
    }
}
