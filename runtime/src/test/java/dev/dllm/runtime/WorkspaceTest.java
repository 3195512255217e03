package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
    private final Workspace workspace = new Workspace(new ReferenceBackend());

    @AfterEach
    void close() {
        workspace.close();
    }

    @Test
    void tensorsDoNotOverlapAndAreAligned() {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 1; i < 40; i++) {
            tensors.add(workspace.f32(i, 3 * i));
            tensors.add(workspace.i32(1, i));
        }
        for (int i = 0; i < tensors.size(); i++) {
            fill(tensors.get(i), i);
        }
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            assertEquals(0, (tensor.segment().address() + tensor.byteOffset()) % 64);
            assertEquals(i, tensor.get(0, 0));
            assertEquals(i, tensor.get(tensor.rows() - 1, tensor.cols() - 1));
        }
    }

    @Test
    void typesAndShapes() {
        assertEquals("F32[3, 5]", workspace.f32(3, 5).toString());
        assertEquals("I32[2, 1]", workspace.i32(2, 1).toString());
        assertEquals("F32[0, 5]", workspace.f32(0, 5).toString());
    }

    /// After the first steps nothing is allocated: the same memory comes again.
    @Test
    void steadyLoopAllocatesNothing() {
        for (int step = 0; step < 2; step++) {
            workspace.reset();
            step();
        }
        workspace.reset();
        long reserved = workspace.reservedBytes();
        List<Tensor> first = step();
        for (int step = 0; step < 100; step++) {
            workspace.reset();
            assertEquals(first, step());
        }
        assertEquals(reserved, workspace.reservedBytes());
    }

    private List<Tensor> step() {
        return List.of(workspace.f32(100, 3000), workspace.f32(7, 300_001), workspace.i32(1, 1));
    }

    @Test
    void growsInTheMiddleOfAStep() {
        Tensor before = workspace.f32(10, 10);
        fill(before, 3);
        fill(workspace.f32(1000, 1000), 4);
        assertEquals(3, before.get(9, 9));
        assertTrue(before.memory().isAlive());
        assertTrue(workspace.reservedBytes() >= 4_000_400);
        workspace.reset();
        assertFalse(before.memory().isAlive());
        assertEquals(workspace.f32(1000, 1000).memory(), workspace.f32(10, 10).memory());
    }

    @Test
    void closedWorkspace() {
        Tensor tensor = workspace.f32(2, 2);
        workspace.close();
        workspace.close();
        assertFalse(tensor.memory().isAlive());
        assertEquals(0, workspace.reservedBytes());
        assertThrows(IllegalStateException.class, () -> workspace.f32(2, 2));
        workspace.reset();
        assertThrows(IllegalStateException.class, () -> workspace.i32(2, 2));
    }

    @Test
    void refusesWhatIsNoMatrix() {
        assertThrows(ShapeException.class, () -> workspace.f32(-1, 4));
        assertThrows(ShapeException.class, () -> workspace.f32(1, 0));
        assertThrows(IllegalArgumentException.class, () -> workspace.f32(1, -4));
        assertThrows(ArithmeticException.class, () -> workspace.f32(Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertEquals("F32[1, 1]", workspace.f32(1, 1).toString());
    }

    private static void fill(Tensor tensor, float value) {
        for (int r = 0; r < tensor.rows(); r++) {
            for (int c = 0; c < tensor.cols(); c++) {
                tensor.set(r, c, value);
            }
        }
    }
}
