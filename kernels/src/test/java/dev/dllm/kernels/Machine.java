package dev.dllm.kernels;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.dllm.kernels.tier.LaneWidth;
import jdk.incubator.vector.VectorShape;

/// What tests need to know about the machine and the JVM they run in.
final class Machine {

    private Machine() {}

    /// Skips the test where [LaneWidth] forces vectors that this machine does not have.
    static void assumeForcedWidth() {
        int bits = LaneWidth.forced().orElse(0);
        if (bits > 0) {
            int widest = VectorShape.S_Max_BIT.vectorBitSize();
            assumeTrue(bits <= widest, "needs vectors of " + bits + " bits; the widest of this machine have " + widest);
        }
    }
}
