package dev.dllm.kernels.scalar;

import static dev.dllm.kernels.tier.Native.i32;
import static dev.dllm.kernels.tier.Native.i64;

/// [dev.dllm.kernels.tier.Kernels#transpose], two rows by two words at a time: two 8-byte loads, two 8-byte stores.
public final class Transpose {
    private static final long LOW = 0xffffffffL;

    private Transpose() {}

    /// @param outStride bytes from one row of the result to the next, `4 · width` or more
    public static void transpose(
            long out, long outStride, int width, long in, long inStride, int rows, int words) {
        for (int row = 0; row < width; row += 2) {
            long to = out + row * 4L;
            long from = in + row * inStride;
            if (row + 1 < rows) {
                pair(to, outStride, from, from + inStride, words);
            } else {
                int count = Math.min(2, width - row);
                column(to, outStride, from, words, row < rows);
                if (count == 2) {
                    column(to + 4, outStride, from, words, false);
                }
            }
        }
    }

    private static void pair(long to, long toStep, long first, long second, int words) {
        long end = first + (words & ~1) * 4L;
        for (; first != end; first += 8, second += 8, to += 2 * toStep) {
            long x = i64(first);
            long y = i64(second);
            i64(to, x & LOW | y << 32);
            i64(to + toStep, x >>> 32 | y & ~LOW);
        }
        if ((words & 1) != 0) {
            i32(to, i32(first));
            i32(to + 4, i32(second));
        }
    }

    /// One column, or zeros if there is no such row.
    private static void column(long to, long toStep, long from, int words, boolean present) {
        for (int k = 0; k < words; k++, to += toStep) {
            i32(to, present ? i32(from + k * 4L) : 0);
        }
    }
}
