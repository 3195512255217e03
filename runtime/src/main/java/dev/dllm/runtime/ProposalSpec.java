package dev.dllm.runtime;

/// How `propose` turns a row of logits into a token and its confidence.
///
/// In order: the `suppressed` ids get −∞; with `temperature > 0` the logits are divided by it; the filters drop tokens
/// (`topP` keeps the token that crosses the limit, `topK` keeps every tie at the k-th); `draw` says which of what is left
/// is the token. Then probability, margin and entropy are taken from the distribution that `confidence` names, in which the
/// `unsure` ids get −∞ last of all.
///
/// @param temperature 0 for off, else positive
/// @param topK        0 for off
/// @param topP        in (0, 1], 1 for off
/// @param filters     which filter acts first
/// @param confidence  which distribution the confidences are taken from
/// @param draw        where the token comes from
/// @param suppressed  ids that can never be proposed and take no part in the softmax (the mask token); owned, not copied
/// @param unsure      ids that may be proposed but lend no confidence: a proposed one has probability 0, and the others
///                    share all of it (LLaDA's ends of text and of turn); owned, not copied
/// @see "LLaDA2.0 generate, LLaDA generate.py (add_gumbel_noise, confidence_eos_eot_inf), Dream generation_utils.py
///       (sample_tokens)"
public record ProposalSpec(
        float temperature,
        int topK,
        float topP,
        FilterOrder filters,
        ConfidenceFrom confidence,
        Draw draw,
        int[] suppressed,
        int[] unsure) {

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

    /// Where the token of a row comes from.
    public enum Draw {
        /// The largest logit, whatever the temperature, which then only shapes the confidences (SDAR, RND1); the lowest id
        /// wins ties.
        ARGMAX,
        /// An exact sample: the arg-max after adding Gumbel noise of [Noise]. Needs a positive temperature.
        SAMPLE,
        /// [Proposals#tokens], whose probability is asked for: 0 if the token is suppressed, unsure or not in the
        /// distribution that the confidences are taken from. Margin and entropy do not depend on it.
        GIVEN
    }

    /// @throws IllegalArgumentException if a number is out of range, or samples are wanted at temperature 0
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
        if (draw == Draw.SAMPLE && temperature == 0) {
            throw new IllegalArgumentException("draw SAMPLE at temperature 0: needs a positive temperature, or ARGMAX");
        }
    }

    /// Arg-max without filters.
    public static ProposalSpec greedy(int... suppressed) {
        return new ProposalSpec(
                0, 0, 1, FilterOrder.TOP_K_FIRST, ConfidenceFrom.FILTERED, Draw.ARGMAX, suppressed, new int[0]);
    }
}
