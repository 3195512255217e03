package dev.dllm.kernels.scalar;

import static dev.dllm.kernels.tier.Native.f32;
import static dev.dllm.kernels.tier.Native.i32;

import dev.dllm.runtime.DType;

/// [dev.dllm.kernels.tier.Kernels#product] in tiles of two rows by four channels: eight independent chains keep the
/// multiply-add units busy.
///
/// An odd row is computed as a pair of the same row twice, which writes the same results twice to the same place.
final class Products {

    private Products() {}

    static void product(
            DType storage, int rows, long c, long cStride, long a, long panel, int panelRows, int words) {
        long aStep = rows * 4L;
        long bStep = panelRows * 4L;
        long end = panel + words * bStep;
        for (int row = 0; row < rows; row += 2) {
            boolean pair = row + 1 < rows;
            long nextRow = pair ? cStride : 0;
            long nextA = pair ? 4 : 0;
            for (int channel = 0; channel < panelRows; channel += 4) {
                long tile = c + row * cStride + channel * 4L;
                long b = panel + channel * 4L;
                long e = end + channel * 4L;
                switch (storage) {
                    case F32 -> f32Tile(tile, nextRow, a + row * 4L, nextA, aStep, b, bStep, e);
                    case BF16 -> bf16Tile(tile, nextRow, a + row * 4L, nextA, aStep, b, bStep, e);
                    case I8 -> i8Tile(tile, nextRow, a + row * 4L, nextA, aStep, b, bStep, e);
                    default -> throw new AssertionError(storage);
                }
            }
        }
    }

    private static void f32Tile(
            long c, long nextRow, long a, long nextA, long aStep, long b, long bStep, long end) {
        long d = c + nextRow;
        float c0 = f32(c), c1 = f32(c + 4), c2 = f32(c + 8), c3 = f32(c + 12);
        float d0 = f32(d), d1 = f32(d + 4), d2 = f32(d + 8), d3 = f32(d + 12);
        for (; b != end; b += bStep, a += aStep) {
            float w0 = f32(b), w1 = f32(b + 4), w2 = f32(b + 8), w3 = f32(b + 12);
            float x = f32(a);
            float y = f32(a + nextA);
            c0 = Math.fma(x, w0, c0);
            c1 = Math.fma(x, w1, c1);
            c2 = Math.fma(x, w2, c2);
            c3 = Math.fma(x, w3, c3);
            d0 = Math.fma(y, w0, d0);
            d1 = Math.fma(y, w1, d1);
            d2 = Math.fma(y, w2, d2);
            d3 = Math.fma(y, w3, d3);
        }
        store(c, c0, c1, c2, c3);
        store(d, d0, d1, d2, d3);
    }

    private static void bf16Tile(
            long c, long nextRow, long a, long nextA, long aStep, long b, long bStep, long end) {
        long d = c + nextRow;
        float c0 = f32(c), c1 = f32(c + 4), c2 = f32(c + 8), c3 = f32(c + 12);
        float d0 = f32(d), d1 = f32(d + 4), d2 = f32(d + 8), d3 = f32(d + 12);
        for (; b != end; b += bStep) {
            int v0 = i32(b), v1 = i32(b + 4), v2 = i32(b + 8), v3 = i32(b + 12);
            for (int shift = 16; shift >= 0; shift -= 16, a += aStep) {
                float w0 = half(v0, shift), w1 = half(v1, shift), w2 = half(v2, shift), w3 = half(v3, shift);
                float x = f32(a);
                float y = f32(a + nextA);
                c0 = Math.fma(x, w0, c0);
                c1 = Math.fma(x, w1, c1);
                c2 = Math.fma(x, w2, c2);
                c3 = Math.fma(x, w3, c3);
                d0 = Math.fma(y, w0, d0);
                d1 = Math.fma(y, w1, d1);
                d2 = Math.fma(y, w2, d2);
                d3 = Math.fma(y, w3, d3);
            }
        }
        store(c, c0, c1, c2, c3);
        store(d, d0, d1, d2, d3);
    }

    private static void i8Tile(
            long c, long nextRow, long a, long nextA, long aStep, long b, long bStep, long end) {
        long d = c + nextRow;
        float c0 = f32(c), c1 = f32(c + 4), c2 = f32(c + 8), c3 = f32(c + 12);
        float d0 = f32(d), d1 = f32(d + 4), d2 = f32(d + 8), d3 = f32(d + 12);
        for (; b != end; b += bStep) {
            int v0 = i32(b), v1 = i32(b + 4), v2 = i32(b + 8), v3 = i32(b + 12);
            for (int shift = 24; shift >= 0; shift -= 8, a += aStep) {
                float w0 = v0 << shift >> 24, w1 = v1 << shift >> 24, w2 = v2 << shift >> 24, w3 = v3 << shift >> 24;
                float x = f32(a);
                float y = f32(a + nextA);
                c0 = Math.fma(x, w0, c0);
                c1 = Math.fma(x, w1, c1);
                c2 = Math.fma(x, w2, c2);
                c3 = Math.fma(x, w3, c3);
                d0 = Math.fma(y, w0, d0);
                d1 = Math.fma(y, w1, d1);
                d2 = Math.fma(y, w2, d2);
                d3 = Math.fma(y, w3, d3);
            }
        }
        store(c, c0, c1, c2, c3);
        store(d, d0, d1, d2, d3);
    }

    /// The BF16 in the lower half of a word for shift 16, in the upper half for shift 0.
    private static float half(int word, int shift) {
        return Float.intBitsToFloat(word << shift & 0xffff0000);
    }

    private static void store(long c, float c0, float c1, float c2, float c3) {
        f32(c, c0);
        f32(c + 4, c1);
        f32(c + 8, c2);
        f32(c + 12, c3);
    }
}
