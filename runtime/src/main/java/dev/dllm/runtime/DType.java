package dev.dllm.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// How one element, or one block of elements that share a scale, lies in memory (little-endian).
///
/// Today every block holds one element. Block-quantised types are further rows of this table: sizes are always asked
/// through [#bytes(long)], never computed from an element size.
public enum DType {
    /// IEEE 754 binary32.
    F32(1, 4),
    /// IEEE 754 binary16.
    F16(1, 2),
    /// The upper half of a binary32.
    BF16(1, 2),
    /// Signed 8-bit integer. As a weight it is scaled per output row, see [Weight#scales()].
    I8(1, 1),
    /// Signed 32-bit integer: ids, never a weight or an activation.
    I32(1, 4);

    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int blockElements;
    private final int blockBytes;

    DType(int blockElements, int blockBytes) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
    }

    /// Elements per block, at least 1.
    public int blockElements() {
        return blockElements;
    }

    /// Bytes per block.
    public int blockBytes() {
        return blockBytes;
    }

    /// The bytes that `elements` consecutive elements take.
    ///
    /// @throws IllegalArgumentException if `elements` is negative or no multiple of [#blockElements()]
    /// @throws ArithmeticException if the result does not fit a long
    public long bytes(long elements) {
        if (elements < 0 || elements % blockElements != 0) {
            throw new IllegalArgumentException(
                    elements + " elements of " + this + ": need a multiple of " + blockElements + ", 0 or more");
        }
        return Math.multiplyExact(elements / blockElements, (long) blockBytes);
    }

    /// The value at `byteOffset` of a host segment, widened exactly, but for an I32 beyond ±2²⁴, which is rounded. For
    /// scalar code and tests: kernels decode in bulk.
    public float read(MemorySegment segment, long byteOffset) {
        return switch (this) {
            case F32 -> segment.get(FLOAT, byteOffset);
            case F16 -> Float.float16ToFloat(segment.get(SHORT, byteOffset));
            case BF16 -> Float.intBitsToFloat(segment.get(SHORT, byteOffset) << 16);
            case I8 -> segment.get(ValueLayout.JAVA_BYTE, byteOffset);
            case I32 -> segment.get(INT, byteOffset);
        };
    }

    /// Stores `value` at `byteOffset`, rounded to nearest even; integers saturate, and NaN becomes 0. The
    /// inverse of [#read].
    public void write(MemorySegment segment, long byteOffset, float value) {
        switch (this) {
            case F32 -> segment.set(FLOAT, byteOffset, value);
            case F16 -> segment.set(SHORT, byteOffset, Float.floatToFloat16(value));
            case BF16 -> segment.set(SHORT, byteOffset, toBf16(value));
            case I8 -> segment.set(
                    ValueLayout.JAVA_BYTE, byteOffset, (byte) Math.clamp(Math.rint(value), -128.0, 127.0));
            case I32 -> segment.set(INT, byteOffset, (int) Math.rint(value));
        }
    }

    private static short toBf16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7fff + (bits >>> 16 & 1) >>> 16);
    }
}
