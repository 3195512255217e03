package dev.dllm.score;

/// How the log-likelihood of some tokens is estimated: in which masked copies the network sees them, and what the
/// log-probabilities that it gives them count for. The estimate is the sum over all copies of weight times the
/// log-probabilities of the scored tokens.
///
/// Implementations are immutable and thread-safe, and a copy is a function of the arguments: random ones draw from a seed, so
/// that texts of the same length are masked alike. Draws that were recorded elsewhere are an implementation too.
public interface Estimator {

    /// Number of masked copies.
    ///
    /// @param length tokens, 1 or more
    int samples(int length);

    /// One masked copy.
    ///
    /// @param length tokens, 1 or more
    /// @param block  number of the block of a text that these tokens are, from 0; bidirectional models have one block
    /// @param index  of the copy, less than `samples(length)`
    Sample sample(int length, int block, int index);

    /// Its name and arguments; [Estimators#parse] reads those of the estimators of this package.
    @Override
    String toString();

    /// A masked copy.
    ///
    /// @param masked indices of the tokens that are masks in it
    /// @param scored indices of masked tokens whose log-probability counts, ascending
    /// @param weight what it counts for
    record Sample(int[] masked, int[] scored, double weight) {}
}
