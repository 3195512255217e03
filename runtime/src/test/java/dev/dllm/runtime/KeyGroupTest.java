package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

class KeyGroupTest {

    @Test
    void countsItsKeys() {
        KeyGroup group = new KeyGroup(3, 2, 0, new int[] {0, 4, 4, 5, 9, 20});
        assertEquals(16, group.keyCount());
        assertEquals(20, group.endSlot());
        assertEquals(1, new KeyGroup(0, 1, 0, new int[] {7, 8}).keyCount());
        assertEquals(Integer.MAX_VALUE, new KeyGroup(0, 1, 0, new int[] {0, Integer.MAX_VALUE}).keyCount());
    }

    @Test
    void refusesRangesThatAreNone() {
        refused("needs pairs of start and end; found 0 numbers");
        refused("needs pairs of start and end; found 3 numbers", 0, 1, 2);
        refused("[4, 4) is empty", 0, 3, 4, 4);
        refused("[5, 4)", 5, 4);
        refused("[2, 6) is empty or starts before its predecessor's end 3", 0, 3, 2, 6);
        refused("[-1, 3)", -1, 3);
    }

    @Test
    void refusesRowsThatAreNone() {
        int[] ranges = {0, 1};
        assertThrows(ShapeException.class, () -> new KeyGroup(-1, 1, 0, ranges));
        assertThrows(ShapeException.class, () -> new KeyGroup(0, 0, 0, ranges));
        assertThrows(ShapeException.class, () -> new KeyGroup(0, 1, -1, ranges));
    }

    @Test
    void keysAndValuesHaveOneShape() {
        Tensor keys = tensor(DType.F32, 4, 8);
        new KeyValues(keys, tensor(DType.F32, 4, 8));
        for (Tensor values : new Tensor[] {
            tensor(DType.F32, 5, 8), tensor(DType.F32, 4, 7), tensor(DType.F16, 4, 8)
        }) {
            assertThrows(ShapeException.class, () -> new KeyValues(keys, values));
        }
    }

    private static Tensor tensor(DType dtype, int rows, int cols) {
        return Tensor.of(dtype, rows, cols, Arena.ofAuto().allocate(rows * dtype.bytes(cols)));
    }

    private static void refused(String part, int... ranges) {
        String message =
                assertThrows(ShapeException.class, () -> new KeyGroup(6, 1, 0, ranges)).getMessage();
        assertTrue(message.contains("key group from row 6") && message.contains(part), message);
    }
}
