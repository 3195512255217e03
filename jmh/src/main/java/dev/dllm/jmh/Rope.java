package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `rope` of the queries of a block, again and again in place: rotations keep lengths, so the numbers stay tame.
public class Rope extends OpBenchmark {
    @Param("32")
    int rows = 32;

    @Param("16")
    int heads = 16;

    @Param("128")
    int headDim = 128;

    private Tensor x;
    private Tensor angles;

    @Override
    void prepare() {
        x = random(DType.F32, rows, heads * headDim, 1);
        Tensor host = host(DType.F32, rows, headDim);
        for (int i = 0; i < rows; i++) {
            for (int c = 0; c < headDim / 2; c++) {
                double angle = i * Math.pow(10_000, -2.0 * c / headDim);
                host.set(i, c, (float) Math.cos(angle));
                host.set(i, c + headDim / 2, (float) Math.sin(angle));
            }
        }
        angles = backend().upload(arena(), host);
    }

    @Override
    @Benchmark
    public void run() {
        ops.rope(x, headDim, angles);
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(x));
    }
}
