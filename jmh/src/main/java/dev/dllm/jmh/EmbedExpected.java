package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `embedExpected` of the logits of a block.
public class EmbedExpected extends OpBenchmark {
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
    private Tensor logits;

    @Override
    void prepare() {
        out = zeros(rows, hidden);
        table = random(dtype, vocabulary, hidden, 1);
        logits = random(DType.F32, rows, vocabulary, 8);
    }

    @Override
    @Benchmark
    public void run() {
        ops.embedExpected(out, table, logits, 0.3f);
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(out));
    }
}
