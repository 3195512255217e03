package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `attention` of a block over a cached sequence: 4 · rows · heads · headDim · keys flop. The tables of 16 layers take
/// turns.
public class Attention extends OpBenchmark {
    private static final int LAYERS = 16;

    @Param("32")
    int rows = 32;

    @Param({"128", "544", "2048"})
    int keys = 544;

    @Param("16")
    int heads = 16;

    @Param("4")
    int kvHeads = 4;

    @Param("128")
    int headDim = 128;

    private Tensor out;
    private Tensor q;
    private List<KeyGroup> groups;
    private Ring<List<KeyValues>> layers;

    @Override
    void prepare() {
        out = zeros(rows, heads * headDim);
        q = random(DType.F32, rows, heads * headDim, 1);
        groups = List.of(new KeyGroup(0, rows, 0, new int[] {0, keys}));
        Tensor table = random(DType.F32, keys, kvHeads * headDim, 1);
        layers = new Ring<>(LAYERS, () -> List.of(new KeyValues(copy(table), copy(table))));
    }

    private Tensor copy(Tensor table) {
        Tensor host = host(DType.F32, table.rows(), table.cols());
        backend().download(host.segment(), table);
        return backend().upload(arena(), host);
    }

    @Override
    @Benchmark
    public void run() {
        ops.attention(out, q, headDim, layers.next(), groups, (float) (1 / Math.sqrt(headDim)));
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(out));
    }
}
