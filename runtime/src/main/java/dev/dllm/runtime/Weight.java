package dev.dllm.runtime;

import org.jspecify.annotations.Nullable;

/// A weight matrix `[n, k]` as `linear` and `experts` take it: row-major where the checkpoint maps it, or packed.
///
/// Packed form: the rows are cut into panels of `panelRows` channels, and each panel is one row of `values`. Inside a
/// panel `k` runs slowest: 32-bit words, `panelRows` of them side by side, each word holding `4 / bytes` successive `k` of
/// one channel, the lowest in the lowest bits (F32 one, BF16 and F16 two, I8 four). Missing channels and a missing `k` at
/// the end are zero. Both forms give the same bits in every product.
///
/// Immutable; does not own its memory.
///
/// @param values    row-major `[n, k]`, or panels `[⌈n / panelRows⌉, panelRows · k rounded up to whole words]`
/// @param rows      n, output channels
/// @param cols      k, input channels
/// @param panelRows channels per panel; 0 means row-major
/// @param scales    `[1, n]` F32, multiplied onto each output channel after its sum; null means 1
public record Weight(Tensor values, int rows, int cols, int panelRows, @Nullable Tensor scales) {

    /// @throws ShapeException if `values` or `scales` do not have the shape that the other components demand
    public Weight {
        if (values.dtype() == DType.I32) {
            throw new ShapeException("weight " + values + ": integers of 32 bits are no weights");
        }
        if (panelRows < 0) {
            throw new ShapeException("weight with " + panelRows + " rows per panel");
        }
        int valueRows = panelRows == 0 ? rows : Math.ceilDiv(rows, panelRows);
        long valueCols = panelRows == 0 ? cols : (long) panelRows * roundedCols(values.dtype(), cols);
        if (values.rows() != valueRows || values.cols() != valueCols) {
            throw new ShapeException("weight [%d, %d] with panels of %d needs values [%d, %d]; found %s"
                    .formatted(rows, cols, panelRows, valueRows, valueCols, values));
        }
        if (scales != null && (scales.dtype() != DType.F32 || scales.rows() != 1 || scales.cols() != rows)) {
            throw new ShapeException("weight [%d, %d] needs scales F32[1, %d]; found %s"
                    .formatted(rows, cols, rows, scales));
        }
    }

    /// The matrix as it lies in a checkpoint.
    public static Weight of(Tensor rowMajor) {
        return new Weight(rowMajor, rowMajor.rows(), rowMajor.cols(), 0, null);
    }

    /// The matrix as it lies in a checkpoint, with a scale `[1, n]` per output channel.
    public static Weight of(Tensor rowMajor, Tensor scales) {
        return new Weight(rowMajor, rowMajor.rows(), rowMajor.cols(), 0, scales);
    }

    /// `cols` rounded up to whole 32-bit words of `dtype`.
    public static int roundedCols(DType dtype, int cols) {
        int perWord = 4 / dtype.blockBytes();
        return Math.ceilDiv(cols, perWord) * perWord;
    }

    public DType dtype() {
        return values.dtype();
    }

    public boolean isPacked() {
        return panelRows > 0;
    }

    /// Type and shape, as error messages show it.
    @Override
    public String toString() {
        return dtype() + "[" + rows + ", " + cols + "]" + (isPacked() ? " in panels of " + panelRows : "");
    }
}
