package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `embed` of a block, from other places of the table each time.
public class Embed extends OpBenchmark {
    private static final int BLOCKS = 256;

    @Param("BF16")
    DType dtype = DType.BF16;

    @Param("32")
    int rows = 32;

    @Param("16384")
    int vocabulary = 16384;

    @Param("2048")
    int hidden = 2048;

    private Tensor out;
    private Tensor table;
    private Ring<Indices> blocks;

    @Override
    void prepare() {
        out = zeros(rows, hidden);
        table = random(dtype, vocabulary, hidden, 1);
        blocks = new Ring<>(BLOCKS, this::block);
    }

    private Indices block() {
        int[] ids = new int[rows];
        Arrays.setAll(ids, _ -> below(vocabulary));
        return Indices.of(ids);
    }

    @Override
    @Benchmark
    public void run() {
        ops.embed(out, table, blocks.next());
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(out));
    }
}
