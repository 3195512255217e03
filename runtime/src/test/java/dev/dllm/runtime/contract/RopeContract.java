package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `rope` against the reference.
abstract class RopeContract extends Contract {

    RopeContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void wholeHeads() {
        for (Layout layout : Layout.values()) {
            for (int headDim : new int[] {2, 4, 6, 8, 16, 20, 30, 32, 64, 96, 128}) {
                check(5, 3, headDim, headDim, layout);
            }
            check(40, 16, 64, 64, layout);
        }
    }

    /// What lies behind the rotary width passes through.
    @Test
    void partOfEachHead() {
        for (int width : new int[] {2, 6, 8, 10, 32, 62}) {
            check(3, 2, 64, width, Layout.CONTIGUOUS);
            check(3, 2, 67, width, Layout.COLUMN_SLICE);
        }
    }

    private void check(int rows, int heads, int headDim, int width, Layout layout) {
        String label = "rope %d of %d, [%d, %d heads]".formatted(width, headDim, rows, heads);
        try (Operands operands = new Operands(backend(), layout, label)) {
            Operand x = operands.inPlace(rows, heads * headDim);
            Operand angles = operands.source(DType.F32, rows, width, (i, c) -> c < width / 2
                    ? (float) Math.cos(angle(i, c, width))
                    : (float) Math.sin(angle(i, c - width / 2, width)));
            reference.rope(x.reference(), headDim, angles.reference());
            subject().rope(x.subject(), headDim, angles.subject());
            operands.verify(Tolerance.sum(2));
        }
    }

    private static double angle(int row, int i, int width) {
        return (1 + 7 * row) * Math.pow(10_000, -2.0 * i / width);
    }
}
