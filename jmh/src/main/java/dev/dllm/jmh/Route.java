package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `route` in the published forms.
public class Route extends OpBenchmark {

    /// How experts are chosen, and out of how many.
    public enum Form {
        LLADA2(256, new RouterSpec(Scoring.SIGMOID, 8, 8, 4, true, 2.5f)),
        LLADA_MOE(64, new RouterSpec(Scoring.SOFTMAX, 8, 1, 1, false, 1)),
        LLADA22(256, new RouterSpec(Scoring.SIGMOID, 8, 1, 1, true, 2.5f, 48));

        private final int experts;
        private final RouterSpec spec;

        Form(int experts, RouterSpec spec) {
            this.experts = experts;
            this.spec = spec;
        }
    }

    private static final int ROUTING_BLOCK = 32;

    @Param("32")
    int rows = 32;

    @Param
    Form form = Form.LLADA2;

    private Tensor ids;
    private Tensor gates;
    private Tensor logits;
    private Tensor bias;
    private Indices blocks;

    @Override
    void prepare() {
        ids = backend().allocate(arena(), DType.I32, rows, form.spec.topK());
        gates = zeros(rows, form.spec.topK());
        logits = random(DType.F32, rows, form.experts, 3);
        bias = random(DType.F32, 1, form.experts, 0.1f);
        blocks = Indices.of(IntStream.range(0, rows).filter(row -> row % ROUTING_BLOCK == 0).toArray());
    }

    @Override
    @Benchmark
    public void run() {
        ops.route(ids, gates, logits, form == Form.LLADA_MOE ? null : bias, form.spec, blocks);
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(ids), downloaded(gates));
    }
}
