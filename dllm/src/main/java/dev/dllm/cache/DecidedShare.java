package dev.dllm.cache;

import java.util.function.IntPredicate;

/// How much of what stands around a position is decided: the share of decided positions, weighted by a bell curve over the
/// distance. What lies before the generated part counts as decided, what lies behind it as decided once its last position is.
///
/// @see "d2Cache, arXiv:2509.23094; Kamichanw/d2Cache (certainty density)"
public final class DecidedShare {
    /// The curve is summed over this many lengths of the generated part to either side.
    private static final int REACH = 3;

    private final IntPredicate masked;
    private final int from;
    private final int length;
    private final double[] weights;
    private final double total;

    /// @param masked whether a position is still open; asked when a share is
    /// @param from   where the generated part starts
    /// @param to     where it ends
    /// @param width  standard deviation of the curve, in positions, above 0
    public DecidedShare(IntPredicate masked, int from, int to, double width) {
        this.masked = masked;
        this.from = from;
        this.length = to - from;
        weights = new double[REACH * length + 1];
        double sum = 0;
        for (int distance = 0; distance < weights.length; distance++) {
            weights[distance] = Math.exp(-(double) distance * distance / (2.0 * width * width));
            sum += distance == 0 || distance == weights.length - 1 ? weights[distance] : 2 * weights[distance];
        }
        total = sum;
    }

    /// The share around a position of the generated part, in [0, 1].
    public double at(int position) {
        double sum = 0;
        for (int other = -length; other < 2 * length; other++) {
            int seen = Math.min(other, length - 1);
            if (seen < 0 || !masked.test(from + seen)) {
                sum += weights[Math.abs(position - from - other)];
            }
        }
        return sum / total;
    }
}
