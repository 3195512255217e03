package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// `embed`, `gatherRows` and `scatterRows`: no arithmetic, so exact.
abstract class RowCopyContract extends Contract {

    RowCopyContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void embedEveryFloatType() {
        for (DType dtype : floatTypes()) {
            for (Layout layout : Layout.values()) {
                for (int width : Sizes.AWKWARD) {
                    embed(dtype, layout, width, 7, 9, 0, 3, 3, 8);
                }
                embed(dtype, layout, 900, 40, 50, 1, 49, 0, 17, 17, 30);
            }
        }
    }

    /// The ids may be a part of a longer array.
    private void embed(DType dtype, Layout layout, int width, int before, int tokens, int... ids) {
        int[] array = new int[before + ids.length + 1];
        Arrays.fill(array, Integer.MIN_VALUE);
        System.arraycopy(ids, 0, array, before, ids.length);
        Indices indices = new Indices(array, before, ids.length);
        String label = "embed %d of %s[%d, %d]".formatted(ids.length, dtype, tokens, width);
        try (Operands operands = new Operands(backend(), layout, label)) {
            Operand out = operands.destination(ids.length, width);
            Operand table = operands.source(dtype, tokens, width);
            reference.embed(out.reference(), table.reference(), indices);
            subject().embed(out.subject(), table.subject(), indices);
            operands.verify(Tolerance.EXACT);
        }
    }

    /// Subnormals and infinities are widened like any other number.
    @Test
    void embedEveryHalf() {
        Indices all = Indices.of(IntStream.range(0, 256).toArray());
        for (boolean brain : new boolean[] {false, true}) {
            DType dtype = brain ? DType.BF16 : DType.F16;
            try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, "embed every " + dtype)) {
                Operand out = operands.destination(256, 256);
                Operand table = operands.source(dtype, 256, 256, (high, low) -> brain
                        ? Float.intBitsToFloat(high << 24 | low << 16)
                        : Float.float16ToFloat((short) (high << 8 | low)));
                reference.embed(out.reference(), table.reference(), all);
                subject().embed(out.subject(), table.subject(), all);
                operands.verify(Tolerance.EXACT);
            }
        }
    }

    @Test
    void gatherAndScatter() {
        for (Layout layout : Layout.values()) {
            for (int width : Sizes.AWKWARD) {
                String label = "gatherRows and scatterRows of width " + width;
                try (Operands operands = new Operands(backend(), layout, label)) {
                    Operand gathered = operands.destination(5, width);
                    Operand scattered = operands.inPlace(9, width);
                    Operand src = operands.source(9, width);
                    Operand few = operands.source(4, width);
                    Indices repeated = Indices.of(8, 0, 3, 3, 1);
                    Indices distinct = Indices.of(7, 0, 2, 8);
                    reference.gatherRows(gathered.reference(), src.reference(), repeated);
                    subject().gatherRows(gathered.subject(), src.subject(), repeated);
                    reference.scatterRows(scattered.reference(), few.reference(), distinct);
                    subject().scatterRows(scattered.subject(), few.subject(), distinct);
                    operands.verify(Tolerance.EXACT);
                }
            }
        }
    }
}
