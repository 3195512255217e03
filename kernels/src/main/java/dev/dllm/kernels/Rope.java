package dev.dllm.kernels;

import dev.dllm.runtime.Tensor;

/// `rope`: the same angles for every head of a row.
final class Rope extends RowOp {
    private final View x = new View();
    private final View angles = new View();
    private int cols;
    private int headDim;
    private int half;

    Rope(Engine engine) {
        super(engine);
    }

    /// @see dev.dllm.runtime.Ops#rope
    void rope(Tensor x, int headDim, Tensor angles) {
        this.x.set(x);
        this.angles.set(angles);
        this.cols = x.cols();
        this.headDim = headDim;
        this.half = angles.cols() / 2;
        overRows(x.rows(), 2L * cols);
    }

    @Override
    void row(int row, int worker) {
        long cos = angles.row(row);
        for (int head = 0; head < cols; head += headDim) {
            engine.kernels().rotate(x.row(row) + head * 4L, cos, cos + half * 4L, half);
        }
    }
}
