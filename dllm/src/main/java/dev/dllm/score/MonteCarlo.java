package dev.dllm.score;

import dev.dllm.InvalidRequestException;
import dev.dllm.runtime.Noise;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The bound that masked diffusion models are trained on, estimated from random masks: on average over counts `k` from 1 to
/// `l` and sets of `k` masks, `l / k` times the log-probabilities of the masked tokens. Never above the log-likelihood of the
/// text, but for the noise of the estimate; exact for a single token.
///
/// The counts of the samples are spread evenly from a random start, so that they are nearly all there even in a few samples.
/// The authors' code rounds the steps between them to the nearest count, ties to even, which draws some counts more often
/// than others; here they are rounded down, and every count is equally likely.
///
/// @param samples masked copies, 1 or more; a single token needs only one
/// @param seed    of the masks
/// @see "Nie et al. 2025, arXiv:2502.09992, section 2.4; ML-GSAI/LLaDA, get_log_likelihood.py"
public record MonteCarlo(int samples, long seed) implements Estimator {
    private static final int START = -1;

    public MonteCarlo {
        if (samples < 1) {
            throw new InvalidRequestException("samples " + samples + ": needs 1 or more");
        }
    }

    @Override
    public int samples(int length) {
        return length == 1 ? 1 : samples;
    }

    @Override
    public Sample sample(int length, int block, int index) {
        int start = (int) (Noise.uniform(Noise.key(seed, block, START), 0) * length);
        int offset = (int) ((long) index * length / samples(length));
        int count = (start + offset) % length + 1;
        int[] masked = choose(count, length, Noise.key(seed, block, index));
        return new Sample(masked, masked, length / (double) count / samples(length));
    }

    /// `count` of the indices below `length`, ascending, every set as likely as any other.
    private static int[] choose(int count, int length, long key) {
        double[] order = IntStream.range(0, length).mapToDouble(i -> Noise.uniform(key, i)).toArray();
        return IntStream.range(0, length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> order[i]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }

    @Override
    public String toString() {
        return "monte-carlo:" + samples;
    }
}
