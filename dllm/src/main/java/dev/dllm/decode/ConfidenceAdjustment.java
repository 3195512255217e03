package dev.dllm.decode;

import java.util.function.IntToDoubleFunction;

/// Changes how sure proposals are before any rule ranks them. It acts on what the settings measure, so it goes with every
/// rule. Immutable and thread-safe.
public interface ConfidenceAdjustment {

    /// Changes confidences in place. Called once per call, in the order of the settings.
    ///
    /// @param canvas     before the call's edits
    /// @param positions  what each entry is a proposal for, ascending
    /// @param tokens     proposed
    /// @param confidence greater is surer; changed
    /// @param uniform    a draw from (0, 1) for a position in this call
    void adjust(Canvas canvas, int[] positions, int[] tokens, float[] confidence, IntToDoubleFunction uniform);

    /// Whether it draws.
    default boolean draws() {
        return false;
    }

    /// @param vocabulary size of the model's
    /// @throws IllegalArgumentException if it cannot serve a model with that vocabulary
    default void requireFits(int vocabulary) {}

    /// How it is named in reports.
    @Override
    String toString();

    /// A confidence made `factor` times as great; one below 0, which entropies are, as many times nearer to 0. Either way a
    /// greater factor makes a proposal surer.
    ///
    /// @param factor 0 or more
    static float scaled(float confidence, double factor) {
        return (float) (confidence >= 0 ? confidence * factor : confidence / factor);
    }
}
