package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.util.List;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `experts` with uniform routing: 6 · rows · topK · hidden · width flop.
public class Experts extends WeightBenchmark {
    @Param({"1", "4", "32"})
    int rows = 1;

    @Param("32")
    int experts = 32;

    @Param("4")
    int topK = 4;

    @Param("1024")
    int hidden = 1024;

    @Param("256")
    int width = 256;

    private Tensor out;
    private Tensor x;
    private Tensor ids;
    private Tensor gates;
    private Ring<ExpertWeights> layers;

    @Override
    void prepare() {
        out = zeros(rows, hidden);
        x = random(DType.F32, rows, hidden, 1);
        gates = random(DType.F32, rows, topK, 1);
        Tensor chosen = host(DType.I32, rows, topK);
        for (int i = 0; i < rows; i++) {
            int first = below(experts);
            for (int j = 0; j < topK; j++) {
                chosen.set(i, j, (first + j * 7) % experts);
            }
        }
        ids = backend().upload(arena(), chosen);
        Weight in = weight(width, hidden);
        Weight down = weight(hidden, width);
        long bytes = experts * (2 * in.values().byteSize() + down.values().byteSize());
        layers = Ring.filling(coldMib, bytes, () -> new ExpertWeights(copies(in), copies(in), copies(down)));
    }

    private List<Weight> copies(Weight weight) {
        return Stream.generate(() -> copy(weight)).limit(experts).toList();
    }

    @Override
    @Benchmark
    public void run() {
        ops.experts(out, x, ids, gates, layers.next());
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(out));
    }
}
