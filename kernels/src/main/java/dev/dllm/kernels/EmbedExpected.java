package dev.dllm.kernels;

import dev.dllm.kernels.scalar.Unpack;
import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;

/// `embedExpected`: the largest logit of each row and the total of its exponentials; then, for some rows and a stripe of
/// columns at a time, tiles of the table, widened once for all the rows.
///
/// A tile's exponentials are made again for every stripe: that is little work beside the stripe's sums, and takes no memory
/// of the size of the logits. Which rows and columns go together changes no result: a sum runs over the table in order.
final class EmbedExpected implements Workers.Body {
    private static final int ROWS = 16;
    private static final int STRIPE = 256;
    private static final int TILE = 32;
    private static final long STRIPE_BYTES = STRIPE * 4L;
    private static final long TILE_BYTES = TILE * 4L;
    /// A row's largest logit and the factor on its exponentials.
    private static final long ROW_BYTES = 8;
    private static final long SUMS_BYTES = 2L * Kernels.PARTIALS * Double.BYTES;

    private final Engine engine;
    private final Totals totals;
    private final View out = new View();
    private final View table = new View();
    private final View logits = new View();
    private DType dtype = DType.F32;
    private int rows;
    private int cols;
    private int vocabulary;
    private float scale;
    private int stripes;

    EmbedExpected(Engine engine) {
        this.engine = engine;
        this.totals = new Totals(engine);
    }

    /// @see dev.dllm.runtime.Ops#embedExpected
    void embedExpected(Tensor out, Tensor table, Tensor logits, float scale) {
        this.out.set(out);
        this.table.set(table);
        this.logits.set(logits);
        this.scale = scale;
        dtype = table.dtype();
        rows = out.rows();
        cols = out.cols();
        vocabulary = table.rows();
        stripes = Math.ceilDiv(cols, STRIPE);
        engine.scratch().reserve(rows * ROW_BYTES, Math.max(SUMS_BYTES, TILE * STRIPE_BYTES + TILE_BYTES));
        totals.overRows(rows, 8L * vocabulary);
        engine.workers().parallelFor(Math.multiplyExact(Math.ceilDiv(rows, ROWS), stripes), this);
    }

    @Override
    public void run(int chunk, int worker) {
        Kernels kernels = engine.kernels();
        int first = chunk / stripes * ROWS;
        int end = Math.min(rows, first + ROWS);
        int column = chunk % stripes * STRIPE;
        int width = Math.min(STRIPE, cols - column);
        long tile = engine.scratch().worker(worker);
        long weights = tile + TILE * STRIPE_BYTES;
        for (int row = first; row < end; row++) {
            Native.zero(out.row(row) + column * 4L, width);
        }
        for (int id = 0; id < vocabulary; id += TILE) {
            int count = Math.min(TILE, vocabulary - id);
            for (int i = 0; i < count; i++) {
                Unpack.widen(dtype, tile + i * STRIPE_BYTES, table.row(id + i) + dtype.bytes(column), width);
            }
            for (int row = first; row < end; row++) {
                long total = engine.scratch().shared() + row * ROW_BYTES;
                Native.copy(weights, logits.row(row) + id * 4L, count * 4L);
                kernels.expSum(weights, count, Native.f32(total), engine.kernelScratch(worker));
                kernels.scale(weights, Native.f32(total + 4), count);
                for (int i = 0; i < count; i++) {
                    kernels.addScaled(
                            out.row(row) + column * 4L, Native.f32(weights + i * 4L), tile + i * STRIPE_BYTES, width);
                }
            }
        }
    }

    /// Leaves each row's largest logit and the factor on its exponentials in shared scratch.
    private final class Totals extends RowOp {
        Totals(Engine engine) {
            super(engine);
        }

        @Override
        void row(int row, int worker) {
            long x = logits.row(row);
            long sums = engine.scratch().worker(worker);
            float largest = engine.kernels().max(x, vocabulary);
            Native.zero(sums, SUMS_BYTES / 4);
            engine.kernels().expSums(x, vocabulary, largest, 1, sums, engine.kernelScratch(worker));
            double total = 0;
            for (int i = 0; i < Kernels.PARTIALS; i++) {
                total += Native.f64(sums + i * 8L);
            }
            Native.f32(engine.scratch().shared() + row * ROW_BYTES, largest);
            Native.f32(engine.scratch().shared() + row * ROW_BYTES + 4, (float) (scale / total));
        }
    }
}
