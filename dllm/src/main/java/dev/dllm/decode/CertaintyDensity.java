package dev.dllm.decode;

/// Trusts proposals the more, the more of what stands around them is decided: confidences are multiplied by the share of
/// decided positions near by, weighted by a bell curve over the distance. What lies before the generated part counts as
/// decided, what lies behind it as decided once its last position is.
///
/// @param width  standard deviation of the curve, in positions, above 0
/// @param direct whether confidences below 0 are multiplied as well, so that they gain where less is decided; for comparison
///               with the reference only
/// @see "d2Cache, arXiv:2509.23094; Kamichanw/d2Cache, generation/utils.py (certainty density)"
public record CertaintyDensity(float width, boolean direct) implements ConfidenceAdjustment {
    /// The authors' width.
    static final float DEFAULT_WIDTH = 10;

    /// The curve is summed over this many lengths of the generated part to either side.
    private static final int REACH = 3;

    public CertaintyDensity {
        if (!(width > 0) || !Float.isFinite(width)) {
            throw new IllegalArgumentException("certainty density of width " + width + ": needs a positive number of positions");
        }
    }

    public CertaintyDensity(float width) {
        this(width, false);
    }

    @Override
    public void adjust(Canvas canvas, int[] positions, int[] tokens, float[] confidence) {
        int length = canvas.length() - canvas.promptLength();
        double[] weights = new double[REACH * length + 1];
        double total = 0;
        for (int distance = 0; distance < weights.length; distance++) {
            weights[distance] = Math.exp(-(double) distance * distance / (2.0 * width * width));
            total += distance == 0 || distance == weights.length - 1 ? weights[distance] : 2 * weights[distance];
        }
        for (int i = 0; i < positions.length; i++) {
            double density = decided(canvas, positions[i] - canvas.promptLength(), length, weights) / total;
            confidence[i] = direct
                    ? (float) (confidence[i] * density)
                    : ConfidenceAdjustment.scaled(confidence[i], density);
        }
    }

    /// Weights of the decided positions around one.
    ///
    /// @param at     counted from the end of the prompt
    /// @param length positions behind the prompt
    private static double decided(Canvas canvas, int at, int length, double[] weights) {
        double sum = 0;
        for (int other = -length; other < 2 * length; other++) {
            int seen = Math.min(other, length - 1);
            if (seen < 0 || !canvas.isMasked(canvas.promptLength() + seen)) {
                sum += weights[Math.abs(at - other)];
            }
        }
        return sum;
    }

    @Override
    public String toString() {
        return "density:" + width;
    }
}
