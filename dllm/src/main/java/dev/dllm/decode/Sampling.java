package dev.dllm.decode;

import dev.dllm.runtime.ProposalSpec;

/// How a token is drawn from a row of logits.
///
/// @param temperature 0 for the most probable token, else positive
/// @param topK        0 for off
/// @param topP        in (0, 1], 1 for off
/// @param filters     which of the two filters acts first
/// @param confidence  which distribution the confidence is taken from
public record Sampling(
        float temperature,
        int topK,
        float topP,
        ProposalSpec.FilterOrder filters,
        ProposalSpec.ConfidenceFrom confidence) {

    /// @throws IllegalArgumentException if a number is out of range
    public Sampling {
        new ProposalSpec(temperature, topK, topP, filters, confidence, new int[0]);
    }

    /// The most probable token; when a temperature or filters are set, LLaDA2's order and confidence.
    public static Sampling greedy() {
        return new Sampling(0, 0, 1, ProposalSpec.FilterOrder.TOP_K_FIRST, ProposalSpec.ConfidenceFrom.FILTERED);
    }

    public Sampling withTemperature(float temperature) {
        return new Sampling(temperature, topK, topP, filters, confidence);
    }

    public Sampling withTopK(int topK) {
        return new Sampling(temperature, topK, topP, filters, confidence);
    }

    public Sampling withTopP(float topP) {
        return new Sampling(temperature, topK, topP, filters, confidence);
    }

    ProposalSpec spec(int... suppressed) {
        return new ProposalSpec(temperature, topK, topP, filters, confidence, suppressed);
    }
}
