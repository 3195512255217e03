package dev.dllm.jmh;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Noise;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
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
        SAMPLED(new ProposalSpec(0.7f, 0, 1, FilterOrder.TOP_K_FIRST, ConfidenceFrom.RAW, new int[] {0})),
        FILTERED(new ProposalSpec(0.7f, 50, 0.9f, FilterOrder.TOP_K_FIRST, ConfidenceFrom.FILTERED, new int[] {0}));

        private final ProposalSpec spec;

        Choice(ProposalSpec spec) {
            this.spec = spec;
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
