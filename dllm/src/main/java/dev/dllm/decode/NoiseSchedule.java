package dev.dllm.decode;

import java.util.function.UnaryOperator;

/// How many masks each call releases when the noise falls as a curve says.
final class NoiseSchedule {

    private NoiseSchedule() {}

    /// What the next call of the span releases. Moments that release nothing cost no call.
    ///
    /// @param masked share of masks at a moment from 0 (none) to 1 (all)
    static int released(UnaryOperator<Float> masked, BlockProgress progress) {
        int steps = progress.steps();
        int left = progress.masksAtStart();
        int call = 0;
        for (int i = steps; i > 0 && left > 0; i--) {
            float now = (float) i / steps;
            float next = now - 1f / steps;
            int count = i == 1 ? left : (int) Math.rint(left * (1 - masked.apply(next) / masked.apply(now)));
            if (count > 0) {
                if (call == progress.calls()) {
                    return count;
                }
                call++;
                left -= count;
            }
        }
        return left;
    }
}
