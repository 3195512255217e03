package dev.dllm.kernels;

import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Packed copies of row-major weights, see [Weight]. A panel is a chunk.
final class Packing implements Workers.Body {
    private final Engine engine;
    private @Nullable Weight source;
    private @Nullable Weight packed;

    Packing(Engine engine) {
        this.engine = engine;
    }

    /// @see dev.dllm.runtime.Backend#pack
    Weight pack(Arena arena, Weight weight) {
        if (weight.isPacked()) {
            return weight;
        }
        int panelRows = engine.kernels().panelRows();
        int panels = Math.ceilDiv(weight.rows(), panelRows);
        int cols = Math.multiplyExact(panelRows, Weight.roundedCols(weight.dtype(), weight.cols()));
        Tensor values = CpuBackend.zeroed(arena, weight.dtype(), panels, cols);
        Weight result = new Weight(values, weight.rows(), weight.cols(), panelRows, weight.scales());
        source = weight;
        packed = result;
        engine.workers().parallelFor(panels, this);
        source = null;
        packed = null;
        return result;
    }

    @Override
    public void run(int panel, int worker) {
        Weight from = Objects.requireNonNull(source);
        Weight to = Objects.requireNonNull(packed);
        int panelRows = to.panelRows();
        int first = panel * panelRows;
        int channels = Math.min(panelRows, from.rows() - first);
        int words = from.cols() / (4 / from.dtype().blockBytes());
        engine.kernels().transpose(PanelProduct.wordAddress(to, first, 0), panelRows,
                PanelProduct.wordAddress(from, first, 0), Native.stride(from.values()), channels, words,
                engine.kernelScratch(worker));
        long restBytes = from.dtype().bytes(from.cols()) - words * 4L;
        if (restBytes > 0) {
            for (int channel = first; channel < first + channels; channel++) {
                Native.copy(PanelProduct.wordAddress(to, channel, words),
                        PanelProduct.wordAddress(from, channel, words), restBytes);
            }
        }
    }
}
