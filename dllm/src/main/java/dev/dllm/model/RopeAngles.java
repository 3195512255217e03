package dev.dllm.model;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The rotary angles of one sequence.
///
/// @param frequencies of each pair, in radians per position
/// @param factor      on cosines and sines
record RopeAngles(float[] frequencies, float factor) {

    /// Writes the row of [dev.dllm.runtime.Ops#rope] for one position: a cosine per pair, then as many sines, as floats in
    /// native order.
    void write(MemorySegment row, int position) {
        int half = frequencies.length;
        for (int i = 0; i < half; i++) {
            double angle = position * frequencies[i];
            row.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (factor * Math.cos(angle)));
            row.setAtIndex(ValueLayout.JAVA_FLOAT, half + i, (float) (factor * Math.sin(angle)));
        }
    }
}
