package dev.dllm.kernels.scalar;

import static dev.dllm.kernels.tier.Native.f32;

import dev.dllm.kernels.tier.Exp;

/// Kernels that treat every element alike, on elements `[from, n)`.
public final class Elementwise {

    private Elementwise() {}

    public static void add(long out, long a, long b, int from, int n) {
        for (int i = from; i < n; i++) {
            f32(out + i * 4L, f32(a + i * 4L) + f32(b + i * 4L));
        }
    }

    public static void guide(long out, long conditional, long unconditional, float factor, int from, int n) {
        for (int i = from; i < n; i++) {
            float base = f32(unconditional + i * 4L);
            f32(out + i * 4L, base + factor * (f32(conditional + i * 4L) - base));
        }
    }

    public static void multiply(long out, long a, long b, int from, int n) {
        for (int i = from; i < n; i++) {
            f32(out + i * 4L, f32(a + i * 4L) * f32(b + i * 4L));
        }
    }

    public static void scale(long x, float factor, int from, int n) {
        for (int i = from; i < n; i++) {
            f32(x + i * 4L, f32(x + i * 4L) * factor);
        }
    }

    public static void addScaled(long out, float factor, long x, int from, int n) {
        for (int i = from; i < n; i++) {
            f32(out + i * 4L, Math.fma(factor, f32(x + i * 4L), f32(out + i * 4L)));
        }
    }

    public static void swiglu(long out, long gate, long up, int from, int n) {
        for (int i = from; i < n; i++) {
            float z = f32(gate + i * 4L);
            f32(out + i * 4L, z / (1 + Exp.exp(-z)) * f32(up + i * 4L));
        }
    }

    /// Pairs `[from, half)`.
    public static void rotate(long x, long cos, long sin, int half, int from) {
        for (int i = from; i < half; i++) {
            long low = x + i * 4L;
            long high = low + half * 4L;
            float a = f32(low);
            float b = f32(high);
            float c = f32(cos + i * 4L);
            float s = f32(sin + i * 4L);
            f32(low, Math.fma(a, c, -(b * s)));
            f32(high, Math.fma(a, s, b * c));
        }
    }
}
