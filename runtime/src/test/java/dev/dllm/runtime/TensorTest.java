package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class TensorTest {
    private final Memory memory = new Memory.Host(Arena.ofAuto().allocate(400, 4));

    @Test
    void elementsLieRowAfterRow() {
        Tensor tensor = new Tensor(DType.F32, 3, 4, 7, memory, 8);
        tensor.set(2, 3, 5);
        assertEquals(8 + 4 * (2 * 7 + 3), tensor.offset(2, 3));
        assertEquals(5, DType.F32.read(tensor.segment(), 8 + 4 * (2 * 7 + 3)));
        assertEquals(5, tensor.get(2, 3));
        assertEquals(48, tensor.byteSize());
        assertEquals("F32[3, 4]", tensor.toString());
    }

    /// The last row need not be followed by the gap.
    @Test
    void fitsToTheLastByte() {
        new Tensor(DType.F32, 10, 1, 11, memory, 0);
        new Tensor(DType.F32, 1, 100, 100, memory, 0);
        new Tensor(DType.F32, 1, 1, Long.MAX_VALUE, memory, 396);
        new Tensor(DType.I8, 400, 1, 1, memory, 0);
        new Tensor(DType.F32, 0, 9, 9, memory, 400);
        refused(() -> new Tensor(DType.F32, 10, 2, 11, memory, 0), "ends outside its memory of 400 bytes");
        refused(() -> new Tensor(DType.F32, 1, 100, 100, memory, 1), "at byte 1 ends outside");
        refused(() -> new Tensor(DType.F32, 0, 9, 9, memory, 401), "ends outside");
    }

    @Test
    void refusesNumbersThatMakeNoMatrix() {
        refused(() -> new Tensor(DType.F32, -1, 4, 4, memory, 0), "F32[-1, 4]");
        refused(() -> new Tensor(DType.F32, 1, 0, 4, memory, 0), "not a matrix view");
        refused(() -> new Tensor(DType.F32, 2, 4, 3, memory, 0), "row stride 3");
        refused(() -> new Tensor(DType.F32, 1, 4, 4, memory, -4), "at byte -4");
        refused(() -> new Tensor(DType.F32, 1, 4, -4, memory, 0), "not a matrix view");
    }

    /// Products and sums that wrap around would look small.
    @Test
    void refusesSizesThatOverflow() {
        int large = Integer.MAX_VALUE;
        refused(() -> new Tensor(DType.F32, large, large, large, memory, 0), "ends outside");
        refused(() -> new Tensor(DType.F32, 2, 1, Long.MAX_VALUE, memory, 0), "ends outside");
        refused(() -> new Tensor(DType.F32, 3, 1, 1L << 62, memory, 0), "ends outside");
        refused(() -> new Tensor(DType.F32, 5, 1, 1L << 60, memory, 0), "ends outside");
        refused(() -> new Tensor(DType.I8, 1, 1, 1, memory, Long.MAX_VALUE), "ends outside");
        refused(() -> new Tensor(DType.I8, 2, 1, Long.MAX_VALUE - 1, memory, 5), "ends outside");
    }

    @Test
    void slicesShareTheMemory() {
        Tensor tensor = Tensor.of(DType.F16, 5, 8, memory);
        Tensor slice = tensor.rows(1, 4).columns(2, 7).rows(1, 3);
        assertEquals("F16[2, 5]", slice.toString());
        assertSame(memory, slice.memory());
        assertEquals(8, slice.rowStride());
        slice.set(1, 4, 9);
        assertEquals(9, tensor.get(3, 6));
        assertFalse(slice.isContiguous());
        assertTrue(tensor.rows(2, 5).isContiguous());
        assertTrue(slice.rows(0, 1).isContiguous());
        assertTrue(slice.rows(0, 0).isContiguous());
    }

    /// Also behind the last row of a view whose last gap is not in its memory.
    @Test
    void emptySlices() {
        Tensor strided = new Tensor(DType.F32, 10, 1, 11, memory, 0);
        for (int row = 0; row <= 10; row++) {
            assertEquals(0, strided.rows(row, row).rows());
        }
        Tensor wide = new Tensor(DType.F32, 1, 1, Long.MAX_VALUE, memory, 396);
        assertEquals(0, wide.rows(1, 1).rows(0, 0).byteSize());
        assertEquals(0, Tensor.of(DType.F32, 0, 3, memory).rows(0, 0).columns(1, 2).rows());
    }

    @Test
    void refusesSlicesOutside() {
        Tensor tensor = Tensor.of(DType.F32, 5, 8, memory);
        refused(() -> tensor.rows(-1, 2), "rows [-1, 2) of a tensor with 5");
        refused(() -> tensor.rows(3, 2), "rows [3, 2)");
        refused(() -> tensor.rows(0, 6), "rows [0, 6)");
        refused(() -> tensor.columns(4, 9), "columns [4, 9) of a tensor with 8");
        refused(() -> tensor.columns(4, 4), "F32[5, 0]");
        refused(() -> tensor.columns(Integer.MIN_VALUE, 4), "columns");
    }

    @Test
    void elementsAreBoundsChecked() {
        Tensor tensor = Tensor.of(DType.F32, 5, 8, memory).columns(0, 4);
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(0, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.get(-1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> tensor.set(5, 0, 1));
    }

    @Test
    void devicesAreNotReadable() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor tensor = Tensor.of(DType.F32, 2, 2, new Memory.Device(64, 16, arena.scope()));
            refused(tensor::segment, "F32[2, 2] is on a device");
            refused(() -> tensor.get(0, 0), "on a device");
            assertTrue(tensor.memory().isAlive());
            refused(() -> Tensor.of(DType.F32, 2, 3, tensor.memory()), "16 bytes");
        }
    }

    @Test
    void memoryKnowsWhetherItIsAlive() {
        Memory closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = new Memory.Host(arena.allocate(4));
            assertTrue(closed.isAlive());
        }
        assertFalse(closed.isAlive());
        assertThrows(IllegalStateException.class, () -> Tensor.of(DType.F32, 1, 1, closed).get(0, 0));
    }

    @Test
    void heapMemoryIsRefused() {
        MemorySegment heap = MemorySegment.ofArray(new byte[4]);
        assertThrows(IllegalArgumentException.class, () -> Tensor.of(DType.I8, 1, 4, heap));
    }

    private static void refused(Runnable action, String part) {
        String message = assertThrows(ShapeException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
