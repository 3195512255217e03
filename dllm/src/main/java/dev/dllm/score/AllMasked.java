package dev.dllm.score;

import java.util.stream.IntStream;

/// One copy, in which every token is a mask: how likely each token is before anything of the text is known. Deterministic.
/// Not the likelihood of the text; comparable with itself only.
///
/// @see "HEX, arXiv:2510.05040; junos-ai-org/hex, HEX/eval"
public record AllMasked() implements Estimator {

    @Override
    public int samples(int length) {
        return 1;
    }

    @Override
    public Sample sample(int length, int block, int index) {
        int[] all = IntStream.range(0, length).toArray();
        return new Sample(all, all, 1);
    }

    @Override
    public String toString() {
        return "all-masked";
    }
}
