package dev.dllm.kernels;

import dev.dllm.kernels.scalar.Unpack;
import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Weight;

/// Products of packed rows with one panel of a weight, in any storage: what `linear`, `experts` and `attention` are
/// made of.
///
/// A panel is worked through in blocks of `k` that stay in the first-level cache while all rows pass. Packed weights
/// are used where they are; row-major ones are transposed a block at a time. Sums live in memory between blocks, so the
/// chain of multiply-adds of an output is the same in every case.
///
/// Rows are packed in groups of 4, 2 and 1, `[k][rows of the group]`, one group after the other, so that the inner loop
/// reads them in order.
final class PanelProduct {
    /// Multiply-adds that are worth handing to another thread: some microseconds.
    static final long GRAIN = 256 << 10;
    /// Rows that pass over a panel together: with their sums they stay in the second-level cache.
    static final int BLOCK_ROWS = 128;

    /// Words of a panel that all rows pass before the next ones: with 48 channels 24 KiB, for the first-level cache.
    private static final int BLOCK_WORDS = 128;
    /// Words of a row-major weight that are transposed at once: with 48 channels 96 KiB, for the second-level cache.
    /// Long enough that reading along each row runs at the speed of memory.
    private static final int SPAN_WORDS = 512;
    private static final int MOST_ROWS = 4;

    private final Kernels kernels;
    private final int panelRows;

    PanelProduct(Kernels kernels) {
        this.kernels = kernels;
        this.panelRows = kernels.panelRows();
    }

    /// Scratch that [#multiply] needs: for the kernels, for a span of transposed words, for a block widened from F16.
    long scratchBytes() {
        return Kernels.SCRATCH_BYTES + (SPAN_WORDS + 2L * BLOCK_WORDS) * panelRows * 4;
    }

    /// Panels of a weight with so many output channels.
    int panels(int channels) {
        return Math.ceilDiv(channels, panelRows);
    }

    /// Packs `rows` rows of `k` floats, `stride` bytes apart, to `out`: as many floats. `out` is the start of the
    /// packed form of all rows if `rows` is a multiple of 4 or reaches the last one.
    void packRows(long out, long in, long stride, int rows, int k, long kernelScratch) {
        for (int row = 0, group; row < rows; row += group) {
            group = group(rows - row);
            long to = out + row * (long) k * 4;
            if (group == 1) {
                Native.copy(to, in + row * stride, k * 4L);
            } else {
                kernels.transpose(to, group, in + row * stride, stride, group, k, kernelScratch);
            }
        }
    }

    /// Multiplies packed rows with panel number `panel` of `w`, without its scales: `c[i][j]` for `i < rows` and all P
    /// channels, those beyond the last one 0.
    ///
    /// @param c       `rows` runs of P floats, `cStride` bytes apart
    /// @param a       packed rows
    /// @param scratch [#scratchBytes()]
    void multiply(long c, long cStride, long a, int rows, Weight w, int panel, long scratch) {
        for (int row = 0; row < rows; row++) {
            Native.zero(c + row * cStride, panelRows);
        }
        DType dtype = w.dtype();
        int perWord = Float.BYTES / dtype.blockBytes();
        int words = w.cols() / perWord;
        long spanScratch = scratch + Kernels.SCRATCH_BYTES;
        for (int word = 0; word < words; word += SPAN_WORDS) {
            int count = Math.min(SPAN_WORDS, words - word);
            long span = span(w, panel, word, count, spanScratch, scratch);
            for (int i = 0; i < count; i += BLOCK_WORDS) {
                int blockWords = Math.min(BLOCK_WORDS, count - i);
                long block = span + i * panelRows * 4L;
                long blockScratch = spanScratch + (long) SPAN_WORDS * panelRows * 4;
                if ((dtype == DType.BF16 || dtype == DType.I8) && block == Native.address(w.values())) {
                    // The kernels read a little before a block, which is memory of the weight except here.
                    Native.copy(blockScratch, block, blockWords * panelRows * 4L);
                    block = blockScratch;
                }
                multiplyBlock(dtype, c, cStride, a, rows, w.cols(), (word + i) * perWord, block, blockWords,
                        blockScratch);
            }
        }
        int rest = w.cols() - words * perWord;
        if (rest > 0) {
            widenLastWord(w, panel, spanScratch, rest);
            multiplyFloats(c, cStride, a, rows, w.cols(), words * perWord, spanScratch, rest);
        }
    }

    /// Multiplies the channels of a panel by their scales, if there are any.
    void scale(long c, long cStride, int rows, Weight w, int panel) {
        if (w.scales() == null) {
            return;
        }
        int first = panel * panelRows;
        int channels = Math.min(panelRows, w.rows() - first);
        for (int row = 0; row < rows; row++) {
            long sums = c + row * cStride;
            kernels.multiply(sums, sums, Native.address(w.scales()) + first * 4L, channels);
        }
    }

    /// Multiplies packed rows with `k` rows of P floats that lie one after the other, adding to `c`.
    void multiplyFloats(long c, long cStride, long a, int rows, int aCols, int firstK, long panel, int k) {
        multiplyWords(DType.F32, c, cStride, a, rows, aCols, firstK, panel, k);
    }

    /// Rows that the inner product takes at once, given so many that are left.
    private static int group(int rows) {
        return rows >= MOST_ROWS ? MOST_ROWS : rows >= 2 ? 2 : 1;
    }

    /// Words `[word, word + count)` of a panel, in the order of the kernels.
    private long span(Weight w, int panel, int word, int count, long scratch, long kernelScratch) {
        if (w.panelRows() == panelRows) {
            return Native.address(w.values()) + panel * Native.stride(w.values()) + (long) word * panelRows * 4;
        }
        int first = panel * panelRows;
        int channels = Math.min(panelRows, w.rows() - first);
        if (w.isPacked()) {
            repack(w, first, channels, word, count, scratch);
        } else {
            long stride = Native.stride(w.values());
            kernels.transpose(scratch, panelRows, Native.address(w.values()) + first * stride + word * 4L, stride,
                    channels, count, kernelScratch);
        }
        return scratch;
    }

    /// From panels of another height, as another machine may have written them.
    private void repack(Weight w, int first, int channels, int word, int count, long out) {
        Native.zero(out, (long) count * panelRows);
        for (int k = 0; k < count; k++) {
            for (int j = 0; j < channels; j++) {
                Native.i32(out + ((long) k * panelRows + j) * 4, Native.i32(wordAddress(w, first + j, word + k)));
            }
        }
    }

    private void multiplyBlock(DType dtype, long c, long cStride, long a, int rows, int aCols, int firstK, long block,
            int words, long widened) {
        if (dtype == DType.F16) {
            kernels.widenHalves(widened, block, words);
            multiplyWords(DType.F32, c, cStride, a, rows, aCols, firstK, widened, 2 * words);
        } else {
            multiplyWords(dtype, c, cStride, a, rows, aCols, firstK, block, words);
        }
    }

    private void multiplyWords(DType dtype, long c, long cStride, long a, int rows, int aCols, int firstK, long panel,
            int words) {
        for (int row = 0, group; row < rows; row += group) {
            group = group(rows - row);
            long from = a + (row * (long) aCols + (long) firstK * group) * 4;
            kernels.product(dtype, group, c + row * cStride, cStride, from, panel, words);
        }
    }

    /// The last `rest` columns of a panel as floats `[rest][P]`.
    private void widenLastWord(Weight w, int panel, long out, int rest) {
        Native.zero(out, (long) rest * panelRows);
        int first = panel * panelRows;
        int word = w.cols() / (4 / w.dtype().blockBytes());
        for (int j = 0; j < Math.min(panelRows, w.rows() - first); j++) {
            long from = wordAddress(w, first + j, word);
            for (int t = 0; t < rest; t++) {
                Unpack.widen(w.dtype(), out + ((long) t * panelRows + j) * 4, from + t * w.dtype().blockBytes(), 1);
            }
        }
    }

    /// Where 32-bit word number `word` of an output channel is; the last one may be incomplete.
    static long wordAddress(Weight w, int channel, int word) {
        long values = Native.address(w.values());
        long stride = Native.stride(w.values());
        return w.isPacked()
                ? values + channel / w.panelRows() * stride
                        + ((long) word * w.panelRows() + channel % w.panelRows()) * 4
                : values + channel * stride + word * 4L;
    }
}
