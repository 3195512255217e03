package dev.dllm.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Rotary position embedding of a model: which angle a position gives each rotated pair.
///
/// Frequencies and angles are float32 as in the authors' code, so that large positions round alike.
///
/// @param theta base of the frequencies
/// @param width rotated dimensions per head, even; the exponent divides by it
/// @see "Su et al. 2021, arXiv:2104.09864; transformers modeling_rope_utils.py (default)"
public record Rope(double theta, int width) {

    public Rope {
        if (!(theta > 0) || width < 2 || width % 2 != 0) {
            throw new IllegalArgumentException(
                    "rotary embedding with theta " + theta + " over " + width + " dimensions: needs a positive theta and"
                            + " an even number of dimensions");
        }
    }

    /// The frequency of each pair, `theta^(−2i / width)`, `width / 2` of them.
    float[] frequencies() {
        float[] frequencies = new float[width / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = 1 / (float) Math.pow(theta, 2.0 * i / width);
        }
        return frequencies;
    }

    /// Writes the row of [dev.dllm.runtime.Ops#rope] for one position: `width / 2` cosines, then as many sines, as floats
    /// in native order.
    static void writeAngles(MemorySegment row, float[] frequencies, int position) {
        int half = frequencies.length;
        for (int i = 0; i < half; i++) {
            double angle = position * frequencies[i];
            row.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.cos(angle));
            row.setAtIndex(ValueLayout.JAVA_FLOAT, half + i, (float) Math.sin(angle));
        }
    }
}
