package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `swiglu` of a block.
public class SwiGlu extends OpBenchmark {
    @Param("32")
    int rows = 32;

    @Param({"512", "5632"})
    int width = 512;

    private Tensor out;
    private Tensor gate;
    private Tensor up;

    @Override
    void prepare() {
        out = zeros(rows, width);
        gate = random(DType.F32, rows, width, 4);
        up = random(DType.F32, rows, width, 1);
    }

    @Override
    @Benchmark
    public void run() {
        ops.swiglu(out, gate, up);
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(out));
    }
}
