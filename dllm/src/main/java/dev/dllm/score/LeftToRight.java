package dev.dllm.score;

import java.util.stream.IntStream;

/// The chain rule: every token is judged by those before it while it and all later ones are masks. Deterministic, as many
/// masked copies as tokens; the exact log-likelihood of a text that is unmasked from left to right.
///
/// @see "HKUNLP/Dream, eval.py (autoregressive scoring)"
public record LeftToRight() implements Estimator {

    @Override
    public int samples(int length) {
        return length;
    }

    @Override
    public Sample sample(int length, int block, int index) {
        return new Sample(IntStream.range(index, length).toArray(), new int[] {index}, 1);
    }

    @Override
    public String toString() {
        return "left-to-right";
    }
}
