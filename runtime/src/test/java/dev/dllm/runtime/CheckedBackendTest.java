package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.contract.ReferenceBackend;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CheckedBackendTest {
    private final Backend inner = new ReferenceBackend();
    private final Backend checked = new CheckedBackend(inner);

    @Test
    void forwards() {
        try (Arena arena = Arena.ofConfined()) {
            assertEquals(inner.name(), checked.name());
            assertEquals(inner.description(), checked.description());
            assertTrue(checked.multiplies(DType.I8));
            assertFalse(checked.multiplies(DType.I32));
            Tensor tensor = checked.allocate(arena, DType.F32, 2, 3);
            assertEquals("F32[2, 3]", tensor.toString());
            assertSame(tensor, checked.upload(arena, tensor));
            Weight weight = Weight.of(tensor);
            assertSame(weight, checked.pack(arena, weight));
            checked.write(tensor.columns(1, 3), MemorySegment.ofArray(new float[] {1, 2, 3, 4}));
            assertEquals(4, tensor.get(1, 2));
            float[] copy = new float[6];
            checked.download(MemorySegment.ofArray(copy), tensor);
            assertEquals(3, copy[4]);
        }
        checked.close();
        Consumer<Ops> call = LegalCalls.all().get("add").apply(LegalCalls.TestMemory.plain(), 1);
        assertThrows(IllegalStateException.class, () -> call.accept(inner.ops()));
    }

    @Test
    void sizesOfCopies() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor tensor = checked.allocate(arena, DType.F32, 2, 3);
            MemorySegment bytes = MemorySegment.ofArray(new byte[20]);
            assertEquals("write: 20 bytes into F32[2, 3] of 24",
                    assertThrows(ShapeException.class, () -> checked.write(tensor, bytes)).getMessage());
            assertEquals("download: F32[2, 3] of 24 bytes into 20",
                    assertThrows(ShapeException.class, () -> checked.download(bytes, tensor)).getMessage());
        }
    }

    @Test
    void readOnlyMemoryIsNotWritten() {
        Tensor tensor = Tensor.of(DType.I8, 1, 4, Arena.ofAuto().allocate(4).asReadOnly());
        assertEquals("write: the destination I8[1, 4] is read-only memory", assertThrows(ShapeException.class,
                () -> checked.write(tensor, MemorySegment.ofArray(new byte[4]))).getMessage());
    }

    @Test
    void closedMemory() {
        Tensor closed;
        try (Arena arena = Arena.ofConfined()) {
            closed = checked.allocate(arena, DType.F32, 1, 4);
        }
        Arena arena = Arena.ofAuto();
        Tensor open = checked.allocate(arena, DType.F32, 4, 4);
        MemorySegment bytes = arena.allocate(16);
        assertThrows(IllegalStateException.class, () -> checked.upload(arena, closed));
        assertThrows(IllegalStateException.class, () -> checked.pack(arena, Weight.of(closed)));
        assertThrows(IllegalStateException.class, () -> checked.pack(arena, Weight.of(open, closed)));
        assertThrows(IllegalStateException.class, () -> checked.write(closed, bytes));
        assertThrows(IllegalStateException.class, () -> checked.download(bytes, closed));
    }
}
