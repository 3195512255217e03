package dev.dllm.kernels.tier;

import dev.dllm.runtime.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Memory by address. Kernels read and write all memory through one segment whose bounds and lifetime are constants:
/// bounds checks vanish, and the JIT sees one kind of segment whatever arena a tensor came from.
///
/// Nothing here is checked. Whoever passes an address has made sure of it: by the checks of the op, and by the tensor's
/// constructor. Unaligned addresses are fine.
public final class Native {
    /// The whole address space.
    public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    /// For kernels that must not depend on the inlining of small methods.
    public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private Native() {}

    /// Where element (0, 0) of a host tensor is.
    public static long address(Tensor tensor) {
        return tensor.segment().address() + tensor.byteOffset();
    }

    /// Bytes from one row of a tensor to the next.
    public static long stride(Tensor tensor) {
        return tensor.dtype().bytes(tensor.rowStride());
    }

    public static int i8(long address) {
        return ALL.get(BYTE, address);
    }

    public static int i32(long address) {
        return ALL.get(INT, address);
    }

    public static void i32(long address, int value) {
        ALL.set(INT, address, value);
    }

    public static long i64(long address) {
        return ALL.get(LONG, address);
    }

    public static void i64(long address, long value) {
        ALL.set(LONG, address, value);
    }

    public static float f32(long address) {
        return ALL.get(FLOAT, address);
    }

    public static void f32(long address, float value) {
        ALL.set(FLOAT, address, value);
    }

    public static double f64(long address) {
        return ALL.get(DOUBLE, address);
    }

    public static void f64(long address, double value) {
        ALL.set(DOUBLE, address, value);
    }

    /// Copies bytes; the two runs do not overlap, or are the same.
    public static void copy(long to, long from, long bytes) {
        MemorySegment.copy(ALL, from, ALL, to, bytes);
    }

    /// Zeroes `words` 32-bit words.
    public static void zero(long address, long words) {
        long end = address + words * 4;
        for (long a = address; a != end; a += 4) {
            ALL.set(INT, a, 0);
        }
    }
}
