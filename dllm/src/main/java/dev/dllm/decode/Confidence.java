package dev.dllm.decode;

import dev.dllm.runtime.Proposals;

/// What makes one proposal surer than another. Greater is surer.
///
/// @see "Dream, generation_utils.py (alg); LLaDA, generate.py (remasking); SDAR, generate.py (remasking_strategy)"
public enum Confidence {
    /// Probability of the proposed token, in [0, 1] (LLaDA's low-confidence remasking, Dream's maskgit_plus).
    PROBABILITY,
    /// Largest minus second largest probability, in [0, 1] (topk_margin).
    MARGIN,
    /// Σ p ln p: 0 at certainty, else negative.
    ENTROPY,
    /// A uniform number, whatever the model says (random remasking).
    RANDOM,
    /// The nearer to the start the surer.
    LEFTMOST;

    float of(Proposals proposals, int row, Randomness randomness, int call, int position) {
        return switch (this) {
            case PROBABILITY -> proposals.probability[row];
            case MARGIN -> proposals.margin[row];
            case ENTROPY -> proposals.negativeEntropy[row];
            case RANDOM -> (float) randomness.uniform(call, position);
            case LEFTMOST -> -position;
        };
    }
}
