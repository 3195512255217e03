package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `rmsNorm` of a hidden state that the op before has left in the cache.
public class RmsNorm extends OpBenchmark {
    @Param({"1", "32"})
    int rows = 32;

    @Param("2048")
    int hidden = 2048;

    private Tensor out;
    private Tensor x;
    private Tensor weight;

    @Override
    void prepare() {
        out = zeros(rows, hidden);
        x = random(DType.F32, rows, hidden, 1);
        weight = random(DType.BF16, 1, hidden, 1);
    }

    @Override
    @Benchmark
    public void run() {
        ops.rmsNorm(out, x, weight, 1e-6f);
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(out));
    }
}
