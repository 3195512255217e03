package dev.dllm.runtime.contract;

import dev.dllm.runtime.Tensor;

/// How the operands of a case lie inside the larger matrices (frames) that guard them.
enum Layout {
    /// Whole rows: the view is contiguous.
    CONTIGUOUS(0, 0),
    /// Columns out of the middle: the rows lie apart, and start at odd addresses.
    COLUMN_SLICE(3, 5);

    private static final int GUARD_ROWS = 1;

    private final int left;
    private final int right;

    Layout(int left, int right) {
        this.left = left;
        this.right = right;
    }

    int frameRows(int rows) {
        return rows + 2 * GUARD_ROWS;
    }

    int frameCols(int cols) {
        return left + cols + right;
    }

    /// The view in its frame.
    Tensor view(Tensor frame) {
        return frame.rows(GUARD_ROWS, frame.rows() - GUARD_ROWS).columns(left, frame.cols() - right);
    }

    /// Whether an element of the frame belongs to the view.
    boolean contains(Tensor frame, int row, int col) {
        return row >= GUARD_ROWS && row < frame.rows() - GUARD_ROWS && col >= left && col < frame.cols() - right;
    }
}
