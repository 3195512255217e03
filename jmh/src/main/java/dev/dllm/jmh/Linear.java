package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `linear`: 2 · rows · n · k flop; n · k weights are read.
public class Linear extends WeightBenchmark {
    @Param({"1", "4", "32", "128"})
    int rows = 1;

    @Param("2048")
    int n = 2048;

    @Param("2048")
    int k = 2048;

    private Tensor out;
    private Tensor x;
    private Ring<Weight> weights;

    @Override
    void prepare() {
        out = zeros(rows, n);
        x = random(DType.F32, rows, k, 1);
        Weight weight = weight(n, k);
        weights = Ring.filling(coldMib, weight.values().byteSize(), () -> copy(weight));
    }

    @Override
    @Benchmark
    public void run() {
        ops.linear(out, x, weights.next(), null);
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(out));
    }
}
