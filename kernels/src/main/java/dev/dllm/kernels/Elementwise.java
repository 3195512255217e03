package dev.dllm.kernels;

import dev.dllm.runtime.Tensor;

/// `add`, `guide` and `swiglu`: ops that combine two matrices element by element.
final class Elementwise extends RowOp {
    private final View out = new View();
    private final View a = new View();
    private final View b = new View();
    private int cols;
    private float factor;
    private Combination combination = Combination.ADD;

    private enum Combination {
        ADD,
        GUIDE,
        SWIGLU
    }

    Elementwise(Engine engine) {
        super(engine);
    }

    /// @see dev.dllm.runtime.Ops#add
    void add(Tensor out, Tensor a, Tensor b) {
        combine(Combination.ADD, out, a, b, 2);
    }

    /// @see dev.dllm.runtime.Ops#guide
    void guide(Tensor out, Tensor conditional, Tensor unconditional, float scale) {
        factor = scale + 1;
        combine(Combination.GUIDE, out, conditional, unconditional, 2);
    }

    /// @see dev.dllm.runtime.Ops#swiglu
    void swiglu(Tensor out, Tensor gate, Tensor up) {
        combine(Combination.SWIGLU, out, gate, up, 4);
    }

    private void combine(Combination combination, Tensor out, Tensor a, Tensor b, long work) {
        this.combination = combination;
        this.out.set(out);
        this.a.set(a);
        this.b.set(b);
        this.cols = out.cols();
        overRows(out.rows(), work * cols);
    }

    @Override
    void row(int row, int worker) {
        switch (combination) {
            case ADD -> engine.kernels().add(out.row(row), a.row(row), b.row(row), cols);
            case GUIDE -> engine.kernels().guide(out.row(row), a.row(row), b.row(row), factor, cols);
            case SWIGLU -> engine.kernels()
                    .swiglu(out.row(row), a.row(row), b.row(row), cols, engine.kernelScratch(worker));
        }
    }
}
