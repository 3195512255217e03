package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;

class WeightTest {

    @Test
    void rowMajor() {
        Weight weight = Weight.of(tensor(DType.BF16, 5, 7), tensor(DType.F32, 1, 5));
        assertFalse(weight.isPacked());
        assertEquals(DType.BF16, weight.dtype());
        assertEquals("BF16[5, 7]", weight.toString());
    }

    @Test
    void wordsPerPanel() {
        assertEquals(7, Weight.roundedCols(DType.F32, 7));
        assertEquals(8, Weight.roundedCols(DType.BF16, 7));
        assertEquals(8, Weight.roundedCols(DType.F16, 8));
        assertEquals(12, Weight.roundedCols(DType.I8, 9));
    }

    @Test
    void packed() {
        Weight weight = new Weight(tensor(DType.I8, 3, 24 * 12), 50, 9, 24, tensor(DType.F32, 1, 50));
        assertTrue(weight.isPacked());
        assertEquals("I8[50, 9] in panels of 24", weight.toString());
        new Weight(tensor(DType.F32, 1, 16), 1, 1, 16, null);
        new Weight(tensor(DType.BF16, 3, 2 * 8), 6, 7, 2, null);
    }

    @Test
    void refusesValuesOfAnotherShape() {
        refused(() -> new Weight(tensor(DType.F32, 5, 7), 5, 8, 0, null), "needs values [5, 8]; found F32[5, 7]");
        refused(() -> new Weight(tensor(DType.F32, 5, 7), 6, 7, 0, null), "needs values [6, 7]");
        refused(() -> new Weight(tensor(DType.BF16, 3, 2 * 7), 6, 7, 2, null), "needs values [3, 16]");
        refused(() -> new Weight(tensor(DType.F32, 2, 24), 6, 7, 2, null), "needs values [3, 14]");
        refused(() -> new Weight(tensor(DType.F32, 5, 7), 5, 7, -1, null), "-1 rows per panel");
        refused(() -> Weight.of(tensor(DType.I32, 5, 7)), "integers of 32 bits are no weights");
    }

    /// Sizes that overflow an int on the way to a panel must not wrap around to the size that is there.
    @Test
    void refusesOverflowingShapes() {
        Tensor one = tensor(DType.F32, 1, 1);
        refused(() -> new Weight(one, 1, Integer.MAX_VALUE, Integer.MAX_VALUE, null), "needs values");
        refused(() -> new Weight(tensor(DType.I8, 1, 4), 1, Integer.MAX_VALUE, 1, null), "needs values");
        refused(() -> new Weight(tensor(DType.F32, 1, 4), -3, 4, 0, null), "needs values");
        refused(() -> new Weight(tensor(DType.F32, 1, 4), 1, -4, 1, null), "needs values");
    }

    @Test
    void refusesScalesOfAnotherShape() {
        Tensor values = tensor(DType.I8, 5, 7);
        refused(() -> Weight.of(values, tensor(DType.F32, 1, 7)), "needs scales F32[1, 5]; found F32[1, 7]");
        refused(() -> Weight.of(values, tensor(DType.F32, 5, 1)), "found F32[5, 1]");
        refused(() -> Weight.of(values, tensor(DType.F32, 2, 5)), "found F32[2, 5]");
        refused(() -> Weight.of(values, tensor(DType.F16, 1, 5)), "found F16[1, 5]");
    }

    @Test
    void expertsFitTogether() {
        Weight in = Weight.of(tensor(DType.F32, 3, 8));
        Weight out = Weight.of(tensor(DType.BF16, 8, 3));
        ExpertWeights experts = new ExpertWeights(List.of(in, in), List.of(in, in), List.of(out, out));
        assertEquals(2, experts.count());
        assertEquals(8, experts.hidden());
        assertEquals(3, experts.width());
        refused(() -> new ExpertWeights(List.of(), List.of(), List.of()), "0 gate, 0 up, 0 down");
        refused(() -> new ExpertWeights(List.of(in), List.of(in, in), List.of(out)), "1 gate, 2 up, 1 down");
        refused(() -> new ExpertWeights(List.of(in, in), List.of(in, out), List.of(out, out)), "expert 1");
        refused(() -> new ExpertWeights(List.of(in), List.of(in), List.of(in)), "needs [3, 8] twice and [8, 3]");
    }

    private static Tensor tensor(DType dtype, int rows, int cols) {
        return Tensor.of(dtype, rows, cols, Arena.ofAuto().allocate(rows * dtype.bytes(cols)));
    }

    private static void refused(Runnable action, String part) {
        String message = assertThrows(ShapeException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
