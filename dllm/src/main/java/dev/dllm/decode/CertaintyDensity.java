package dev.dllm.decode;

import dev.dllm.cache.DecidedShare;
import java.util.function.IntToDoubleFunction;

/// Trusts proposals the more, the more of what stands around them is decided: confidences are multiplied by the
/// [DecidedShare].
///
/// @param width  standard deviation of the curve, in positions, above 0
/// @param direct whether confidences below 0 are multiplied as well, so that they gain where less is decided; for comparison
///               with the reference only
/// @see "d2Cache, arXiv:2509.23094; Kamichanw/d2Cache, generation/utils.py (certainty density)"
public record CertaintyDensity(float width, boolean direct) implements ConfidenceAdjustment {

    /// The authors' width.
    static final float DEFAULT_WIDTH = 10;

    public CertaintyDensity {
        if (!(width > 0) || !Float.isFinite(width)) {
            throw new IllegalArgumentException("certainty density of width " + width + ": needs a positive number of positions");
        }
    }

    public CertaintyDensity(float width) {
        this(width, false);
    }

    @Override
    public void adjust(Canvas canvas, int[] positions, int[] tokens, float[] confidence, IntToDoubleFunction uniform) {
        DecidedShare decided = new DecidedShare(canvas::isMasked, canvas.promptLength(), canvas.length(), width);
        for (int i = 0; i < positions.length; i++) {
            double density = decided.at(positions[i]);
            confidence[i] = direct
                    ? (float) (confidence[i] * density)
                    : ConfidenceAdjustment.scaled(confidence[i], density);
        }
    }

    @Override
    public String toString() {
        return "density:" + width;
    }
}
