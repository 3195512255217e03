package dev.dllm.score;

/// Pseudo-likelihood: every token in turn is the only mask, so that it is judged by everything around it. Deterministic, as
/// many masked copies as tokens. Not the likelihood of any distribution over texts; comparable with itself only. Its
/// perplexity is the pseudo-perplexity.
///
/// @see "Salazar et al. 2020, Masked Language Model Scoring, arXiv:1910.14659"
public record OneByOne() implements Estimator {

    @Override
    public int samples(int length) {
        return length;
    }

    @Override
    public Sample sample(int length, int block, int index) {
        int[] only = {index};
        return new Sample(only, only, 1);
    }

    @Override
    public String toString() {
        return "pseudo";
    }
}
