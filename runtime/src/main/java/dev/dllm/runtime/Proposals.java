package dev.dllm.runtime;

/// What `propose` found, an entry per row of logits. Mutable and reused: a step overwrites the one before. Not thread-safe.
///
/// If a row held a NaN or +∞, or nothing finite at all, its probability is NaN. If all that was finite lends no confidence
/// ([ProposalSpec#unsure]), its probability, margin and negative entropy are 0.
public final class Proposals {
    /// The proposed token of each row; read and not changed if it is given ([ProposalSpec.Draw#GIVEN]).
    public final int[] tokens;
    /// Probability of that token, in [0, 1], or NaN.
    public final float[] probability;
    /// Largest minus second largest probability.
    public final float[] margin;
    /// Σ p ln p, in nats: negative entropy, 0 at certainty.
    public final float[] negativeEntropy;

    /// Room for `capacity` rows.
    public Proposals(int capacity) {
        tokens = new int[capacity];
        probability = new float[capacity];
        margin = new float[capacity];
        negativeEntropy = new float[capacity];
    }

    public int capacity() {
        return tokens.length;
    }

    /// A copy of some entries.
    ///
    /// @param rows which, each below the capacity
    public Proposals only(int[] rows) {
        Proposals some = new Proposals(rows.length);
        for (int i = 0; i < rows.length; i++) {
            some.tokens[i] = tokens[rows[i]];
            some.probability[i] = probability[rows[i]];
            some.margin[i] = margin[rows[i]];
            some.negativeEntropy[i] = negativeEntropy[rows[i]];
        }
        return some;
    }
}
