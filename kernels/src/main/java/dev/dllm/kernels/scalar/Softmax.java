package dev.dllm.kernels.scalar;

import static dev.dllm.kernels.tier.Native.f32;
import static dev.dllm.kernels.tier.Native.f64;

import dev.dllm.kernels.tier.Exp;
import dev.dllm.kernels.tier.Kernels;

/// The passes of a softmax, on elements `[from, n)`.
public final class Softmax {
    /// Below it an exponential is 0 anyway; it keeps `e · t` a number where `t` is −∞.
    public static final float SMALLEST_EXPONENT = -104;

    private Softmax() {}

    /// The largest of `largest` and the elements; NaN if an element is NaN or +∞.
    public static float max(long x, int from, int n, float largest) {
        boolean broken = false;
        for (int i = from; i < n; i++) {
            float value = f32(x + i * 4L);
            broken |= !(value < Float.POSITIVE_INFINITY);
            largest = value > largest ? value : largest;
        }
        return broken ? Float.NaN : largest;
    }

    public static int indexOf(long x, int from, int n, float value) {
        for (int i = from; i < n; i++) {
            if (f32(x + i * 4L) == value) {
                return i;
            }
        }
        return -1;
    }

    public static void expSum(long x, int from, int n, float max, long partials) {
        for (int i = from; i < n; i++) {
            float e = Exp.exp(f32(x + i * 4L) - max);
            f32(x + i * 4L, e);
            long partial = partials + i % Kernels.PARTIALS * 4L;
            f32(partial, f32(partial) + e);
        }
    }

    public static void expSums(long x, int from, int n, float max, float factor, long partials) {
        for (int i = from; i < n; i++) {
            float t = (f32(x + i * 4L) - max) * factor;
            t = t < SMALLEST_EXPONENT ? SMALLEST_EXPONENT : t;
            float e = Exp.exp(t);
            long partial = partials + i % Kernels.PARTIALS * 8L;
            f64(partial, f64(partial) + e);
            partial += Kernels.PARTIALS * 8L;
            f64(partial, f64(partial) + e * t);
        }
    }
}
