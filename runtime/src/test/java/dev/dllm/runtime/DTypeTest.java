package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class DTypeTest {
    /// Room for one element behind an odd offset.
    private final MemorySegment segment = Arena.ofAuto().allocate(16);

    @Test
    void sizes() {
        assertEquals(12, DType.F32.bytes(3));
        assertEquals(6, DType.F16.bytes(3));
        assertEquals(6, DType.BF16.bytes(3));
        assertEquals(3, DType.I8.bytes(3));
        assertEquals(0, DType.I32.bytes(0));
        assertEquals(4L * Integer.MAX_VALUE * 8, DType.F32.bytes(8L * Integer.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> DType.F32.bytes(-1));
        assertThrows(ArithmeticException.class, () -> DType.F32.bytes(Long.MAX_VALUE / 3));
    }

    @Test
    void everyHalfSurvivesReadingAndWriting() {
        for (DType dtype : new DType[] {DType.F16, DType.BF16}) {
            for (int code = 0; code < 1 << 16; code++) {
                segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, 1, (short) code);
                float value = dtype.read(segment, 1);
                dtype.write(segment, 1, value);
                short written = segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, 1);
                if (Float.isNaN(value)) {
                    assertTrue(Float.isNaN(dtype.read(segment, 1)), dtype + " NaN " + code);
                } else {
                    assertEquals((short) code, written, dtype + " " + code);
                }
            }
        }
    }

    @Test
    void everyByteSurvives() {
        for (int value = -128; value < 128; value++) {
            assertEquals(value, rounded(DType.I8, value));
        }
    }

    @Test
    void halvesRoundToNearestEven() {
        assertEquals(1, rounded(DType.F16, 1 + 0x1p-11f));
        assertEquals(1 + 0x1p-9f, rounded(DType.F16, 1 + 0x1.8p-10f));
        assertEquals(1 + 0x1p-10f, rounded(DType.F16, 1 + 0x1.002p-11f));
        assertEquals(1, rounded(DType.BF16, 1 + 0x1p-8f));
        assertEquals(1 + 0x1p-6f, rounded(DType.BF16, 1 + 0x1.8p-7f));
        assertEquals(1 + 0x1p-7f, rounded(DType.BF16, 1 + 0x1.0002p-8f));
        assertEquals(-1, rounded(DType.BF16, -1 - 0x1p-8f));
    }

    @Test
    void endsOfTheHalves() {
        assertEquals(65504, rounded(DType.F16, 65519));
        assertEquals(Float.POSITIVE_INFINITY, rounded(DType.F16, 65520));
        assertEquals(0x1p-24f, rounded(DType.F16, 0x1.2p-24f));
        assertEquals(0, rounded(DType.F16, 0x1p-25f));
        assertEquals(-0f, rounded(DType.F16, -0x1p-26f));
        assertEquals(Float.POSITIVE_INFINITY, rounded(DType.BF16, Float.MAX_VALUE));
        assertEquals(0x1p-133f, rounded(DType.BF16, 0x1.2p-133f));
    }

    /// A NaN whose payload lies in the lower half must not become an infinity.
    @Test
    void nanStaysNan() {
        for (int bits : new int[] {0x7f800001, 0xff800001, 0x7fffffff, 0x7fc00000}) {
            assertTrue(Float.isNaN(rounded(DType.BF16, Float.intBitsToFloat(bits))));
            assertTrue(Float.isNaN(rounded(DType.F16, Float.intBitsToFloat(bits))));
        }
    }

    @Test
    void integersRoundToEvenAndSaturate() {
        for (DType dtype : new DType[] {DType.I8, DType.I32}) {
            assertEquals(0, rounded(dtype, 0.5f));
            assertEquals(2, rounded(dtype, 1.5f));
            assertEquals(2, rounded(dtype, 2.5f));
            assertEquals(-2, rounded(dtype, -2.5f));
            assertEquals(-3, rounded(dtype, -2.6f));
            assertEquals(0, rounded(dtype, Float.NaN));
        }
        assertEquals(127, rounded(DType.I8, 127.6f));
        assertEquals(-128, rounded(DType.I8, Float.NEGATIVE_INFINITY));
        assertEquals(0x1p31f, rounded(DType.I32, 1e20f));
        DType.I32.write(segment, 1, Float.NEGATIVE_INFINITY);
        assertEquals(Integer.MIN_VALUE, segment.get(ValueLayout.JAVA_INT_UNALIGNED, 1));
    }

    @Test
    void littleEndian() {
        DType.F32.write(segment, 3, 1);
        assertEquals(0x3f, segment.get(ValueLayout.JAVA_BYTE, 6));
        DType.BF16.write(segment, 9, 1);
        assertEquals(0x3f, segment.get(ValueLayout.JAVA_BYTE, 10));
        DType.I32.write(segment, 3, 258);
        assertEquals(2, segment.get(ValueLayout.JAVA_BYTE, 3));
        assertEquals(1, segment.get(ValueLayout.JAVA_BYTE, 4));
    }

    private float rounded(DType dtype, float value) {
        dtype.write(segment, 1, value);
        return dtype.read(segment, 1);
    }
}
