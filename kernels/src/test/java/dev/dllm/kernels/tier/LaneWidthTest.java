package dev.dllm.kernels.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.runtime.DeviceException;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LaneWidthTest {
    private final String before = System.getProperty(LaneWidth.PROPERTY);

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(LaneWidth.PROPERTY);
        } else {
            System.setProperty(LaneWidth.PROPERTY, before);
        }
    }

    @Test
    void notSet() {
        System.clearProperty(LaneWidth.PROPERTY);
        assertEquals(OptionalInt.empty(), LaneWidth.forced());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 128, 256, 512})
    void known(int bits) {
        System.setProperty(LaneWidth.PROPERTY, Integer.toString(bits));
        assertEquals(OptionalInt.of(bits), LaneWidth.forced());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 128", "64", "1024", "-1", "wide", "0128"})
    void unknown(String value) {
        System.setProperty(LaneWidth.PROPERTY, value);
        DeviceException refused = assertThrows(DeviceException.class, LaneWidth::forced);
        assertEquals("system property dllm.vector.bits='" + value + "'; accepted: 0 (scalar), 128, 256, 512",
                refused.getMessage());
    }
}
