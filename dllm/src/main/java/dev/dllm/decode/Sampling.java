package dev.dllm.decode;

import dev.dllm.runtime.ProposalSpec;
import java.util.Arrays;

/// How a token is drawn from a row of logits.
///
/// @param temperature 0 for the most probable token, else positive
/// @param topK        0 for off
/// @param topP        in (0, 1], 1 for off
/// @param filters     which of the two filters acts first
/// @param confidence  which distribution the confidence is taken from
/// @param argMax      whether the most probable token is taken at any temperature, which then only shapes the confidence
/// @param suppressed  ids that are never proposed; owned, not copied
/// @param unsure      ids that are proposed without any confidence; owned, not copied
public record Sampling(
        float temperature,
        int topK,
        float topP,
        ProposalSpec.FilterOrder filters,
        ProposalSpec.ConfidenceFrom confidence,
        boolean argMax,
        int[] suppressed,
        int[] unsure) {

    /// @throws IllegalArgumentException if a number is out of range
    public Sampling {
        new ProposalSpec(
                temperature, topK, topP, filters, confidence, draw(temperature, argMax), new int[0], new int[0]);
    }

    /// The most probable token; when a temperature or filters are set, LLaDA2's order and confidence.
    public static Sampling greedy() {
        return new Sampling(
                0, 0, 1, ProposalSpec.FilterOrder.TOP_K_FIRST, ProposalSpec.ConfidenceFrom.FILTERED, false, new int[0],
                new int[0]);
    }

    /// Dream's: top-p acts first, and the confidence comes from what the filters left.
    public static Sampling dream() {
        return new Sampling(
                0, 0, 1, ProposalSpec.FilterOrder.TOP_P_FIRST, ProposalSpec.ConfidenceFrom.FILTERED, false, new int[0],
                new int[0]);
    }

    /// LLaDA's: the confidence comes from the logits as they are.
    public static Sampling llada() {
        return new Sampling(
                0, 0, 1, ProposalSpec.FilterOrder.TOP_K_FIRST, ProposalSpec.ConfidenceFrom.RAW, false, new int[0],
                new int[0]);
    }

    public Sampling withTemperature(float temperature) {
        return new Sampling(temperature, topK, topP, filters, confidence, argMax, suppressed, unsure);
    }

    public Sampling withTopK(int topK) {
        return new Sampling(temperature, topK, topP, filters, confidence, argMax, suppressed, unsure);
    }

    public Sampling withTopP(float topP) {
        return new Sampling(temperature, topK, topP, filters, confidence, argMax, suppressed, unsure);
    }

    public Sampling withArgMax(boolean argMax) {
        return new Sampling(temperature, topK, topP, filters, confidence, argMax, suppressed, unsure);
    }

    public Sampling withSuppressed(int... ids) {
        return new Sampling(temperature, topK, topP, filters, confidence, argMax, ids, unsure);
    }

    public Sampling withUnsure(int... ids) {
        return new Sampling(temperature, topK, topP, filters, confidence, argMax, suppressed, ids);
    }

    /// @param alsoSuppressed besides those of the sampling
    ProposalSpec spec(int... alsoSuppressed) {
        int[] all = Arrays.copyOf(suppressed, suppressed.length + alsoSuppressed.length);
        System.arraycopy(alsoSuppressed, 0, all, suppressed.length, alsoSuppressed.length);
        return new ProposalSpec(temperature, topK, topP, filters, confidence, draw(temperature, argMax), all, unsure);
    }

    /// Whether tokens are drawn, not the most probable ones taken.
    public boolean draws() {
        return draw(temperature, argMax) == ProposalSpec.Draw.SAMPLE;
    }

    private static ProposalSpec.Draw draw(float temperature, boolean argMax) {
        return argMax || temperature == 0 ? ProposalSpec.Draw.ARGMAX : ProposalSpec.Draw.SAMPLE;
    }
}
