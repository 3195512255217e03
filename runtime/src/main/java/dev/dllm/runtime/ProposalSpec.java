package dev.dllm.runtime;

/// How `propose` turns a row of logits into a token and its confidence.
///
/// In order: the `suppressed` ids get −∞; with `temperature > 0` the logits are divided by it; the filters drop tokens
/// (`topP` keeps the token that crosses the limit, `topK` keeps every tie at the k-th); the token is the arg-max of what is
/// left, at `temperature > 0` after adding Gumbel noise of [Noise], which makes it an exact sample. Lowest id wins ties.
///
/// @param temperature 0 for arg-max, else positive
/// @param topK        0 for off
/// @param topP        in (0, 1], 1 for off
/// @param filters     which filter acts first
/// @param confidence  which distribution the confidences are taken from
/// @param suppressed  ids that can never be proposed and take no part in the softmax (the mask token); owned, not copied
/// @see "LLaDA2.0 generate, LLaDA generate.py (add_gumbel_noise), Dream generation_utils.py (sample_tokens)"
public record ProposalSpec(
        float temperature, int topK, float topP, FilterOrder filters, ConfidenceFrom confidence, int[] suppressed) {

    /// Which filter acts first when both are on.
    public enum FilterOrder {
        /// LLaDA2, SDAR.
        TOP_K_FIRST,
        /// Dream.
        TOP_P_FIRST
    }

    /// Which distribution probability, margin and entropy are taken from.
    public enum ConfidenceFrom {
        /// Tempered and filtered (LLaDA2, SDAR, Dream).
        FILTERED,
        /// Neither tempered nor filtered (LLaDA).
        RAW
    }

    /// @throws IllegalArgumentException if a number is out of range
    public ProposalSpec {
        if (!(temperature >= 0) || !Float.isFinite(temperature)) {
            throw new IllegalArgumentException("temperature " + temperature + ": needs 0 or a positive number");
        }
        if (topK < 0) {
            throw new IllegalArgumentException("top-k " + topK + ": needs 0 (off) or a positive number");
        }
        if (!(topP > 0 && topP <= 1)) {
            throw new IllegalArgumentException("top-p " + topP + ": needs a number above 0 and at most 1 (off)");
        }
    }

    /// Arg-max without filters.
    public static ProposalSpec greedy(int... suppressed) {
        return new ProposalSpec(0, 0, 1, FilterOrder.TOP_K_FIRST, ConfidenceFrom.FILTERED, suppressed);
    }
}
