package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Noise;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.ProposalSpec.FilterOrder;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/// `propose` for the rows of a block that are still masked: rows · vocabulary logits are read.
public class Propose extends OpBenchmark {

    /// How a token is chosen.
    public enum Choice {
        GREEDY(ProposalSpec.greedy(0)),
        SAMPLED(spec(0, 1, ConfidenceFrom.RAW, Draw.SAMPLE)),
        FILTERED(spec(50, 0.9f, ConfidenceFrom.FILTERED, Draw.SAMPLE)),
        GIVEN(spec(0, 1, ConfidenceFrom.FILTERED, Draw.GIVEN)),
        UNSURE(spec(0, 1, ConfidenceFrom.RAW, Draw.ARGMAX, 1, 2));

        private final ProposalSpec spec;

        Choice(ProposalSpec spec) {
            this.spec = spec;
        }

        private static ProposalSpec spec(int topK, float topP, ConfidenceFrom confidence, Draw draw, int... unsure) {
            return new ProposalSpec(
                    0.7f, topK, topP, FilterOrder.TOP_K_FIRST, confidence, draw, new int[] {0}, unsure);
        }
    }

    @Param("8")
    int rows = 8;

    @Param({"32768", "157184"})
    int vocabulary = 32768;

    @Param
    Choice choice = Choice.GREEDY;

    private Tensor logits;
    private Proposals proposals;
    private long[] keys;

    @Override
    void prepare() {
        logits = random(DType.F32, rows, vocabulary, 8);
        proposals = new Proposals(rows);
        Arrays.setAll(proposals.tokens, _ -> below(vocabulary));
        keys = new long[rows];
        Arrays.setAll(keys, i -> Noise.key(42, 0, i));
    }

    @Override
    @Benchmark
    public void run() {
        ops.propose(proposals, logits, choice.spec, keys);
    }

    @Override
    List<float[]> result() {
        float[] tokens = new float[rows];
        for (int i = 0; i < rows; i++) {
            tokens[i] = proposals.tokens[i];
        }
        return List.of(tokens, proposals.probability, proposals.margin, proposals.negativeEntropy);
    }
}
