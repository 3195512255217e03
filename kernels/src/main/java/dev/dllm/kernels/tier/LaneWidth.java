package dev.dllm.kernels.tier;

import dev.dllm.runtime.DeviceException;
import java.util.OptionalInt;

/// The system property that forces a width of vectors, for tests and comparisons.
public final class LaneWidth {
    /// Bits of a vector: 128, 256 or 512; 0 for the scalar kernels. Not set: what the JDK prefers on this machine.
    public static final String PROPERTY = "dllm.vector.bits";

    private LaneWidth() {}

    /// What the property asks for; empty if it is not set.
    ///
    /// @throws DeviceException if it is set to something else than it accepts
    public static OptionalInt forced() {
        String value = System.getProperty(PROPERTY);
        if (value == null) {
            return OptionalInt.empty();
        }
        return switch (value) {
            case "0", "128", "256", "512" -> OptionalInt.of(Integer.parseInt(value));
            default -> throw new DeviceException(
                    "system property " + PROPERTY + "='" + value + "'; accepted: 0 (scalar), 128, 256, 512");
        };
    }
}
