package dev.dllm.kernels.scalar;

import static dev.dllm.kernels.tier.Native.f32;

import dev.dllm.kernels.tier.Kernels;

/// The two passes of a root-mean-square norm, on elements `[from, n)`, and the order in which partial sums are added.
public final class Norm {

    private Norm() {}

    /// Adds squares to the partial sums.
    public static void sumSquares(long x, int from, int n, long partials) {
        for (int i = from; i < n; i++) {
            float value = f32(x + i * 4L);
            long partial = partials + i % Kernels.PARTIALS * 4L;
            f32(partial, Math.fma(value, value, f32(partial)));
        }
    }

    public static void normalize(long out, long x, float factor, long weight, int from, int n) {
        for (int i = from; i < n; i++) {
            f32(out + i * 4L, f32(x + i * 4L) * factor * f32(weight + i * 4L));
        }
    }

    /// The sum of the float partial sums, which are overwritten.
    public static float total(long partials) {
        for (int half = Kernels.PARTIALS / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                long partial = partials + i * 4L;
                f32(partial, f32(partial) + f32(partial + half * 4L));
            }
        }
        return f32(partials);
    }
}
