package dev.dllm.kernels;

import static dev.dllm.kernels.PanelProduct.BLOCK_ROWS;

import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `linear`: first the rows of `x` are packed, then runs of panels, times blocks of rows, are the chunks.
final class Linear {
    /// Chunks per thread, so that a thread that is held up costs little.
    private static final int CHUNKS_PER_THREAD = 8;

    private final Engine engine;
    private final PanelProduct product;
    private final int panelRows;
    private final Packer packer = new Packer();
    private final Multiplier multiplier = new Multiplier();

    private final View out = new View();
    private final View x = new View();
    private final View bias = new View();
    private @Nullable Weight weight;
    private int rows;
    private int k;
    /// The packed rows of `x`.
    private long packed;

    Linear(Engine engine) {
        this.engine = engine;
        this.product = new PanelProduct(engine.kernels());
        this.panelRows = engine.kernels().panelRows();
    }

    /// @see dev.dllm.runtime.Ops#linear
    void linear(Tensor out, Tensor x, Weight weight, @Nullable Tensor bias) {
        this.out.set(out);
        this.x.set(x);
        this.bias.set(bias);
        this.weight = weight;
        this.rows = x.rows();
        this.k = x.cols();
        if (rows == 0) {
            return;
        }
        int blockRows = Math.min(rows, BLOCK_ROWS);
        engine.scratch().reserve((long) rows * k * 4, product.scratchBytes() + blockRows * panelRows * 4L);
        if (rows == 1) {
            packed = this.x.row(0);
        } else {
            packed = engine.scratch().shared();
            packer.run();
        }
        multiplier.run(weight.rows());
    }

    /// Packs the rows.
    private final class Packer implements Workers.Body {
        private int rowsPerChunk;

        void run() {
            long fitting = Math.max(1, RowOp.GRAIN / (2L * k));
            rowsPerChunk = (int) Math.min(BLOCK_ROWS, Math.ceilDiv(fitting, 4) * 4);
            engine.workers().parallelFor(Math.ceilDiv(rows, rowsPerChunk), this);
        }

        @Override
        public void run(int chunk, int worker) {
            int first = chunk * rowsPerChunk;
            product.packRows(packed + (long) first * k * 4, x.row(first), x.stride(),
                    Math.min(rowsPerChunk, rows - first), k, engine.kernelScratch(worker));
        }
    }

    /// Multiplies and stores.
    private final class Multiplier implements Workers.Body {
        private int panels;
        private int panelsPerChunk;
        private int rowBlocks;

        void run(int channels) {
            panels = product.panels(channels);
            rowBlocks = Math.ceilDiv(rows, BLOCK_ROWS);
            long perPanel = Math.max(1, (long) Math.min(rows, BLOCK_ROWS) * k * panelRows);
            int worthwhile = (int) Math.min(panels, Math.ceilDiv(PanelProduct.GRAIN, perPanel));
            int fair = Math.ceilDiv(panels, engine.workers().size() * CHUNKS_PER_THREAD);
            panelsPerChunk = Math.max(worthwhile, fair);
            engine.workers().parallelFor(Math.ceilDiv(panels, panelsPerChunk) * rowBlocks, this);
        }

        @Override
        public void run(int chunk, int worker) {
            int firstRow = chunk % rowBlocks * BLOCK_ROWS;
            int count = Math.min(BLOCK_ROWS, rows - firstRow);
            int firstPanel = chunk / rowBlocks * panelsPerChunk;
            long scratch = engine.scratch().worker(worker);
            long sums = scratch + product.scratchBytes();
            Weight w = Objects.requireNonNull(weight);
            for (int panel = firstPanel; panel < Math.min(panels, firstPanel + panelsPerChunk); panel++) {
                product.multiply(sums, panelRows * 4L, packed + (long) firstRow * k * 4, count, w, panel, scratch);
                product.scale(sums, panelRows * 4L, count, w, panel);
                store(sums, firstRow, count, panel * panelRows);
            }
        }

        /// Adds the bias and stores; the scales have been multiplied in.
        private void store(long sums, int firstRow, int count, int channel) {
            int channels = Math.min(panelRows, Objects.requireNonNull(weight).rows() - channel);
            for (int row = 0; row < count; row++) {
                long from = sums + row * panelRows * 4L;
                long to = out.row(firstRow + row) + channel * 4L;
                if (bias.isSet()) {
                    engine.kernels().add(to, from, bias.row(0) + channel * 4L, channels);
                } else {
                    Native.copy(to, from, channels * 4L);
                }
            }
        }
    }
}
