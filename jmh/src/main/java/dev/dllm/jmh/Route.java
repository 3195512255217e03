package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.Tensor;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `route` in the two published forms.
public class Route extends OpBenchmark {

    /// How experts are chosen, and out of how many.
    public enum Form {
        LLADA2(256, new RouterSpec(Scoring.SIGMOID, 8, 8, 4, true, 2.5f)),
        LLADA_MOE(64, new RouterSpec(Scoring.SOFTMAX, 8, 1, 1, false, 1));

        private final int experts;
        private final RouterSpec spec;

        Form(int experts, RouterSpec spec) {
            this.experts = experts;
            this.spec = spec;
        }
    }

    @Param("32")
    int rows = 32;

    @Param
    Form form = Form.LLADA2;

    private Tensor ids;
    private Tensor gates;
    private Tensor logits;
    private Tensor bias;

    @Override
    void prepare() {
        ids = backend().allocate(arena(), DType.I32, rows, form.spec.topK());
        gates = zeros(rows, form.spec.topK());
        logits = random(DType.F32, rows, form.experts, 3);
        bias = random(DType.F32, 1, form.experts, 0.1f);
    }

    @Override
    @Benchmark
    public void run() {
        ops.route(ids, gates, logits, form == Form.LLADA2 ? bias : null, form.spec);
    }

    @Override
    List<float[]> result() {
        return List.of(downloaded(ids), downloaded(gates));
    }
}
