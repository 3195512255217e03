package dev.dllm.kernels;

import dev.dllm.kernels.scalar.Unpack;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.Tensor;
import org.jspecify.annotations.Nullable;

/// `embed`, `gatherRows` and `scatterRows`: whole rows copied by index.
final class Rows extends RowOp {
    private final View out = new View();
    private final View in = new View();
    private DType dtype = DType.F32;
    private int cols;
    private @Nullable Indices from;
    private @Nullable Indices to;

    Rows(Engine engine) {
        super(engine);
    }

    /// Row `from[i]` of `in`, widened, becomes row `to[i]` of `out`; no indices mean `i` itself.
    void copy(Tensor out, @Nullable Indices to, Tensor in, @Nullable Indices from, int count) {
        this.out.set(out);
        this.in.set(in);
        this.dtype = in.dtype();
        this.cols = in.cols();
        this.from = from;
        this.to = to;
        overRows(count, 2L * cols);
    }

    @Override
    void row(int row, int worker) {
        int source = from == null ? row : from.get(row);
        int target = to == null ? row : to.get(row);
        Unpack.widen(dtype, out.row(target), in.row(source), cols);
    }
}
