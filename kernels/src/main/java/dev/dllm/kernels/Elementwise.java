package dev.dllm.kernels;

import dev.dllm.runtime.Tensor;

/// `add` and `swiglu`: ops that combine two matrices element by element.
final class Elementwise extends RowOp {
    private final View out = new View();
    private final View a = new View();
    private final View b = new View();
    private int cols;
    private boolean swiglu;

    Elementwise(Engine engine) {
        super(engine);
    }

    /// @see dev.dllm.runtime.Ops#add
    void add(Tensor out, Tensor a, Tensor b) {
        combine(out, a, b, false);
    }

    /// @see dev.dllm.runtime.Ops#swiglu
    void swiglu(Tensor out, Tensor gate, Tensor up) {
        combine(out, gate, up, true);
    }

    private void combine(Tensor out, Tensor a, Tensor b, boolean swiglu) {
        this.out.set(out);
        this.a.set(a);
        this.b.set(b);
        this.cols = out.cols();
        this.swiglu = swiglu;
        overRows(out.rows(), swiglu ? 4L * cols : 2L * cols);
    }

    @Override
    void row(int row, int worker) {
        if (swiglu) {
            engine.kernels().swiglu(out.row(row), a.row(row), b.row(row), cols, engine.kernelScratch(worker));
        } else {
            engine.kernels().add(out.row(row), a.row(row), b.row(row), cols);
        }
    }
}
