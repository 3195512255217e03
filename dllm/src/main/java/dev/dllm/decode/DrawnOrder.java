package dev.dllm.decode;

import java.util.function.IntToDoubleFunction;

/// Draws which proposals come first: as many as a rule takes from the top are drawn without replacement, with weights
/// softmax(confidence / temperature). For rules that rank; to a rule with a threshold, what it compares is no probability any more.
///
/// The largest of confidence / temperature plus Gumbel noise are such a draw.
///
/// @param temperature above 0: near 0 the surest come first, far above the confidences all orders are alike
/// @see "HKUNLP/Dream, generation_utils.py (alg_temp); Kool et al. 2019, arXiv:1903.06059 (Gumbel top-k)"
public record DrawnOrder(float temperature) implements ConfidenceAdjustment {

    public DrawnOrder {
        if (!(temperature > 0) || !Float.isFinite(temperature)) {
            throw new IllegalArgumentException("order drawn at temperature " + temperature + ": needs a positive number");
        }
    }

    @Override
    public void adjust(Canvas canvas, int[] positions, int[] tokens, float[] confidence, IntToDoubleFunction uniform) {
        for (int i = 0; i < positions.length; i++) {
            double gumbel = -Math.log(-Math.log(uniform.applyAsDouble(positions[i])));
            confidence[i] = (float) (confidence[i] + temperature * gumbel);
        }
    }

    @Override
    public boolean draws() {
        return true;
    }

    @Override
    public String toString() {
        return "draw:" + temperature;
    }
}
