package dev.dllm.kernels;

import static dev.dllm.kernels.PanelProduct.BLOCK_ROWS;

import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `experts`: rows sorted by expert, then five regions: pack the rows of each expert, multiply with gate and up (and
/// [Kernels#swiglu]), pack the result, multiply with down, and sum up each row in the order of its choices.
///
/// In the regions that multiply, a chunk is an expert times a run of its panels.
final class Experts {
    /// Bounds the memory between the regions: more rows are worked off in several passes.
    private static final long PASS_BYTES = 64L << 20;

    private final Engine engine;
    private final Kernels kernels;
    private final PanelProduct product;
    private final int panelRows;
    private final ExpertSlots slots = new ExpertSlots();

    private final View out = new View();
    private final View x = new View();
    private final View ids = new View();
    private final View gates = new View();
    private @Nullable ExpertWeights weights;
    private int hidden;
    private int width;
    private int topK;
    private int firstRow;
    private int panelsPerChunk;
    private int chunksPerExpert;

    /// Rows of each expert, packed `[place][hidden]`; later the packed `[place][width]`.
    private long packed;
    /// `silu(gate) ⊙ up` `[place][width]`.
    private long inner;
    /// What comes out of the experts `[place][hidden]`.
    private long results;

    private final Workers.Body packInput = this::packInput;
    private final Workers.Body gateAndUp = this::gateAndUp;
    private final Workers.Body packInner = this::packInner;
    private final Workers.Body down = this::down;
    private final Workers.Body combine = this::combine;

    Experts(Engine engine) {
        this.engine = engine;
        this.kernels = engine.kernels();
        this.product = new PanelProduct(kernels);
        this.panelRows = kernels.panelRows();
    }

    /// @see dev.dllm.runtime.Ops#experts
    void experts(Tensor out, Tensor x, Tensor ids, Tensor gates, ExpertWeights weights) {
        this.out.set(out);
        this.x.set(x);
        this.ids.set(ids);
        this.gates.set(gates);
        this.weights = weights;
        this.hidden = weights.hidden();
        this.width = weights.width();
        this.topK = ids.cols();
        long rowBytes = 4L * topK * (Math.max(hidden, width) + width + hidden);
        int rowsPerPass = Math.clamp(PASS_BYTES / rowBytes, 1, Math.max(1, out.rows()));
        for (int row = 0; row < out.rows(); row += rowsPerPass) {
            pass(row, Math.min(rowsPerPass, out.rows() - row), weights);
        }
    }

    private void pass(int row, int count, ExpertWeights weights) {
        firstRow = row;
        slots.sort(ids, row, count, topK, weights.count());
        reserve((long) count * topK);
        Workers workers = engine.workers();
        int active = slots.activeCount();
        workers.parallelFor(active, packInput);
        split(width, 2L * hidden, (long) count * topK / active);
        workers.parallelFor(active * chunksPerExpert, gateAndUp);
        workers.parallelFor(active, packInner);
        split(hidden, width, (long) count * topK / active);
        workers.parallelFor(active * chunksPerExpert, down);
        workers.parallelFor(count, combine);
    }

    private void reserve(long places) {
        long packedBytes = Scratch.aligned(4 * places * Math.max(hidden, width));
        long innerBytes = Scratch.aligned(4 * places * width);
        long tileBytes = (long) BLOCK_ROWS * panelRows * 4;
        long gatherBytes = 4L * 4 * hidden;
        engine.scratch().reserve(packedBytes + innerBytes + 4 * places * hidden,
                Math.max(gatherBytes, product.scratchBytes() + 2 * tileBytes));
        packed = engine.scratch().shared();
        inner = packed + packedBytes;
        results = inner + innerBytes;
    }

    /// Sets how many panels of each expert a chunk takes.
    private void split(int channels, long perChannel, long rowsPerExpert) {
        int panels = product.panels(channels);
        long perPanel = Math.max(1, rowsPerExpert * perChannel * panelRows);
        panelsPerChunk = Math.clamp(PanelProduct.GRAIN / perPanel, 1, panels);
        chunksPerExpert = Math.ceilDiv(panels, panelsPerChunk);
    }

    private void packInput(int chunk, int worker) {
        int expert = slots.active(chunk);
        int start = slots.start(expert);
        int count = slots.count(expert);
        long gathered = engine.scratch().worker(worker);
        for (int i = 0; i < count; i += 4) {
            int group = Math.min(4, count - i);
            for (int r = 0; r < group; r++) {
                Native.copy(gathered + r * hidden * 4L, x.row(slots.row(start + i + r)), hidden * 4L);
            }
            product.packRows(packed + (start + i) * (long) hidden * 4, gathered, hidden * 4L, group, hidden,
                    engine.kernelScratch(worker));
        }
    }

    private void gateAndUp(int chunk, int worker) {
        int expert = slots.active(chunk / chunksPerExpert);
        ExpertWeights weights = Objects.requireNonNull(this.weights);
        Weight gate = weights.gate().get(expert);
        Weight up = weights.up().get(expert);
        long gateTile = engine.scratch().worker(worker) + product.scratchBytes();
        long upTile = gateTile + (long) BLOCK_ROWS * panelRows * 4;
        for (int panel = firstPanel(chunk); panel < endPanel(chunk, width); panel++) {
            for (int i = 0; i < slots.count(expert); i += BLOCK_ROWS) {
                int rows = Math.min(BLOCK_ROWS, slots.count(expert) - i);
                int place = slots.start(expert) + i;
                multiply(gateTile, place, rows, hidden, gate, panel, worker);
                multiply(upTile, place, rows, hidden, up, panel, worker);
                int channel = panel * panelRows;
                for (int r = 0; r < rows; r++) {
                    kernels.swiglu(inner + ((place + r) * (long) width + channel) * 4,
                            gateTile + r * panelRows * 4L, upTile + r * panelRows * 4L,
                            Math.min(panelRows, width - channel), engine.kernelScratch(worker));
                }
            }
        }
    }

    private void packInner(int chunk, int worker) {
        int expert = slots.active(chunk);
        long offset = slots.start(expert) * (long) width * 4;
        product.packRows(packed + offset, inner + offset, width * 4L, slots.count(expert), width,
                engine.kernelScratch(worker));
    }

    private void down(int chunk, int worker) {
        int expert = slots.active(chunk / chunksPerExpert);
        Weight w = Objects.requireNonNull(weights).down().get(expert);
        long tile = engine.scratch().worker(worker) + product.scratchBytes();
        for (int panel = firstPanel(chunk); panel < endPanel(chunk, hidden); panel++) {
            for (int i = 0; i < slots.count(expert); i += BLOCK_ROWS) {
                int rows = Math.min(BLOCK_ROWS, slots.count(expert) - i);
                int place = slots.start(expert) + i;
                multiply(tile, place, rows, width, w, panel, worker);
                int channel = panel * panelRows;
                for (int r = 0; r < rows; r++) {
                    Native.copy(results + ((place + r) * (long) hidden + channel) * 4, tile + r * panelRows * 4L,
                            Math.min(panelRows, hidden - channel) * 4L);
                }
            }
        }
    }

    private void combine(int i, int worker) {
        int row = firstRow + i;
        Native.zero(out.row(row), hidden);
        for (int j = 0; j < topK; j++) {
            long result = results + slots.place(i, j, topK) * (long) hidden * 4;
            kernels.addScaled(out.row(row), Native.f32(gates.row(row) + j * 4L), result, hidden);
        }
    }

    private void multiply(long tile, int place, int rows, int cols, Weight w, int panel, int worker) {
        long from = packed + place * (long) cols * 4;
        product.multiply(tile, panelRows * 4L, from, rows, w, panel, engine.scratch().worker(worker));
        product.scale(tile, panelRows * 4L, rows, w, panel);
    }

    private int firstPanel(int chunk) {
        return chunk % chunksPerExpert * panelsPerChunk;
    }

    private int endPanel(int chunk, int channels) {
        return Math.min(product.panels(channels), firstPanel(chunk) + panelsPerChunk);
    }
}
