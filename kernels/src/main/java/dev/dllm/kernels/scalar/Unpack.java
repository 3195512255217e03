package dev.dllm.kernels.scalar;

import static dev.dllm.kernels.tier.Native.f32;
import static dev.dllm.kernels.tier.Native.i32;

import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.DType;

/// Widening to F32 outside the inner products: rows of a table, norm weights, F16 panels, and the `k` of a panel that
/// fill no whole word.
public final class Unpack {

    private Unpack() {}

    /// `n` consecutive elements to floats.
    public static void widen(DType dtype, long out, long in, int n) {
        if (dtype == DType.F32) {
            Native.copy(out, in, n * 4L);
            return;
        }
        long bytes = dtype.blockBytes();
        for (int i = 0; i < n; i++) {
            f32(out + i * 4L, dtype.read(Native.ALL, in + i * bytes));
        }
    }

    static void widenHalves(long out, long panel, int panelRows, int words) {
        long step = panelRows * 4L;
        for (int k = 0; k < words; k++, panel += step, out += 2 * step) {
            for (long channel = 0; channel != step; channel += 4) {
                int word = i32(panel + channel);
                f32(out + channel, Float.float16ToFloat((short) word));
                f32(out + step + channel, Float.float16ToFloat((short) (word >> 16)));
            }
        }
    }
}
