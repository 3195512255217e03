package dev.dllm.decode;

import dev.dllm.runtime.Proposals;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/// The proposals of one call, by position, ascending. Valid until the next call.
///
/// @param positions  what each entry is a proposal for
/// @param proposals  entry `i` belongs to `positions[i]`
/// @param confidence of each entry, as the settings measure it
/// @param logits     of each entry, what hooks changed included
public record Candidates(int[] positions, Proposals proposals, float[] confidence, LogitRows logits) {

    public int size() {
        return positions.length;
    }

    public int position(int i) {
        return positions[i];
    }

    /// The proposed token.
    public int token(int i) {
        return proposals.tokens[i];
    }

    /// Its rank among the entries: greater is surer.
    public float confidence(int i) {
        return confidence[i];
    }

    /// Its probability, in [0, 1].
    public float probability(int i) {
        return proposals.probability[i];
    }

    /// The token with the largest logit among some; the lowest id wins ties.
    ///
    /// @throws IllegalArgumentException if none of them can be proposed
    int best(int i, IntPredicate accepted) {
        float[] row = logits.row(i);
        int best = -1;
        for (int token = 0; token < row.length; token++) {
            if (row[token] > (best < 0 ? Float.NEGATIVE_INFINITY : row[best]) && accepted.test(token)) {
                best = token;
            }
        }
        if (best < 0) {
            throw new IllegalArgumentException("position " + positions[i] + " is left without a token to propose");
        }
        return best;
    }

    /// The probability of a token: the softmax of its logit, temperature and filters left out.
    float probabilityOf(int i, int token) {
        float[] row = logits.row(i);
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp(logit - largest);
        }
        return (float) (Math.exp(row[token] - largest) / sum);
    }

    /// How far the two largest logits are apart.
    double logitMargin(int i) {
        float best = Float.NEGATIVE_INFINITY;
        float second = Float.NEGATIVE_INFINITY;
        for (float logit : logits.row(i)) {
            if (logit > best) {
                second = best;
                best = logit;
            } else if (logit > second) {
                second = logit;
            }
        }
        return (double) best - second;
    }

    /// Entropy of its distribution, in nats.
    public double entropy(int i) {
        return -(double) proposals.negativeEntropy[i];
    }

    /// The same entries, ranked by another confidence.
    Candidates ranked(Confidence measure, Step step) {
        float[] other = new float[size()];
        for (int i = 0; i < other.length; i++) {
            other[i] = measure.of(proposals, i, step.randomness(), step.call(), positions[i]);
        }
        return new Candidates(positions, proposals, other, logits);
    }

    /// Indices of the masked entries, the surest first; the lowest position wins ties.
    public int[] ranking(Canvas canvas) {
        return ranking(i -> canvas.isMasked(positions[i]));
    }

    /// Indices of some entries, the surest first; the lowest position wins ties.
    public int[] ranking(IntPredicate eligible) {
        long[] keys = IntStream.range(0, size())
                .filter(eligible)
                .mapToLong(i -> (long) ~ordered(confidence[i]) << 32 | i)
                .toArray();
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    /// The entries of some positions.
    Candidates only(IntPredicate wanted) {
        int[] kept = IntStream.range(0, size()).filter(i -> wanted.test(positions[i])).toArray();
        if (kept.length == size()) {
            return this;
        }
        float[] sure = new float[kept.length];
        int[] where = new int[kept.length];
        for (int i = 0; i < kept.length; i++) {
            where[i] = positions[kept[i]];
            sure[i] = confidence[kept[i]];
        }
        return new Candidates(where, proposals.only(kept), sure, logits.only(kept));
    }

    /// How many entries stand at the first position and, without a gap, behind it.
    int firstRun() {
        int run = 0;
        while (run < size() && positions[run] == positions[0] + run) {
            run++;
        }
        return run;
    }

    /// Commits an entry.
    void commit(int i, Edits edits) {
        edits.add(positions[i], token(i));
    }

    /// Commits the `count` surest masked positions, or all if there are fewer.
    void commitBest(Canvas canvas, int count, Edits edits) {
        int[] ranking = ranking(canvas);
        for (int rank = 0; rank < Math.min(count, ranking.length); rank++) {
            commit(ranking[rank], edits);
        }
    }

    /// Commits every masked position above `threshold` if they are at least `atLeast`, else the `atLeast` surest.
    ///
    /// @param inclusive whether a confidence equal to the threshold counts
    void commitAbove(Canvas canvas, float threshold, boolean inclusive, int atLeast, Edits edits) {
        int[] above = ranking(i -> canvas.isMasked(positions[i])
                && (inclusive ? confidence[i] >= threshold : confidence[i] > threshold));
        if (above.length < atLeast) {
            commitBest(canvas, atLeast, edits);
            return;
        }
        for (int i : above) {
            commit(i, edits);
        }
    }

    /// An int that orders as the float does; both zeros are equal.
    private static int ordered(float value) {
        int bits = Float.floatToIntBits(value + 0f);
        return bits >= 0 ? bits : bits ^ Integer.MAX_VALUE;
    }
}
