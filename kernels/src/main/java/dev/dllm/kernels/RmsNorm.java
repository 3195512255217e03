package dev.dllm.kernels;

import dev.dllm.kernels.scalar.Unpack;
import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import org.jspecify.annotations.Nullable;

/// `rmsNorm` and `addRmsNorm`: one pass for the sum of squares, one that scales.
final class RmsNorm extends RowOp {
    private final View out = new View();
    private final View x = new View();
    private final View added = new View();
    private long weight;
    private int width;
    private int runs;
    private float eps;

    RmsNorm(Engine engine) {
        super(engine);
    }

    /// @see dev.dllm.runtime.Ops#rmsNorm
    void rmsNorm(Tensor out, Tensor x, Tensor weight, float eps) {
        normalize(out, x, null, weight, eps);
    }

    /// @see dev.dllm.runtime.Ops#addRmsNorm
    void addRmsNorm(Tensor out, Tensor residual, Tensor x, Tensor weight, float eps) {
        normalize(out, residual, x, weight, eps);
    }

    private void normalize(Tensor out, Tensor x, @Nullable Tensor added, Tensor weight, float eps) {
        this.out.set(out);
        this.x.set(x);
        this.added.set(added);
        this.width = weight.cols();
        this.runs = x.cols() / width;
        this.eps = eps;
        this.weight = widened(weight);
        overRows(x.rows(), 2L * x.cols());
    }

    @Override
    void row(int row, int worker) {
        Kernels kernels = engine.kernels();
        for (int run = 0; run < runs; run++) {
            long offset = run * width * 4L;
            long from = x.row(row) + offset;
            float squares = added.isSet()
                    ? kernels.addSumSquares(from, added.row(row) + offset, width, engine.kernelScratch(worker))
                    : kernels.sumSquares(from, width, engine.kernelScratch(worker));
            float factor = (float) (1 / Math.sqrt((double) squares / width + eps));
            kernels.normalize(out.row(row) + offset, from, factor, weight, width);
        }
    }

    /// The address of the weight in F32, widened to scratch where it is not.
    private long widened(Tensor weight) {
        if (weight.dtype() == DType.F32) {
            return Native.address(weight);
        }
        engine.scratch().reserve(width * 4L, 0);
        Unpack.widen(weight.dtype(), engine.scratch().shared(), Native.address(weight), width);
        return engine.scratch().shared();
    }
}
