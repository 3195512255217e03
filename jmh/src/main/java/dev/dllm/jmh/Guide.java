package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `guide` of the logits of a block: two matrices are read and one is written.
public class Guide extends OpBenchmark {
    @Param("8")
    int rows = 8;

    @Param({"32768", "157184"})
    int vocabulary = 32768;

    private Tensor out;
    private Tensor conditional;
    private Tensor unconditional;

    @Override
    void prepare() {
        out = zeros(rows, vocabulary);
        conditional = random(DType.F32, rows, vocabulary, 8);
        unconditional = random(DType.F32, rows, vocabulary, 8);
    }

    @Override
    @Benchmark
    public void run() {
        ops.guide(out, conditional, unconditional, 0.5f);
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(out));
    }
}
