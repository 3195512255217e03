package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import java.util.List;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `experts` against the reference.
abstract class ExpertsContract extends Contract {
    private static final int EXPERTS = 7;

    ExpertsContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void widths() {
        for (DType dtype : weightTypes()) {
            for (int width : Sizes.AWKWARD) {
                check(5, 2, 13, width, dtype, Layout.CONTIGUOUS);
                check(3, 3, width, 10, dtype, Layout.COLUMN_SLICE);
            }
        }
    }

    @Test
    void rows() {
        for (DType dtype : weightTypes()) {
            for (int rows : Sizes.ROWS) {
                check(rows, 2, 40, 21, dtype, Layout.CONTIGUOUS);
            }
            check(70, 4, 130, 50, dtype, Layout.COLUMN_SLICE);
        }
    }

    /// A quantised checkpoint may keep some experts in another type.
    @Test
    void expertsOfDifferentTypes() {
        List<DType> types = weightTypes();
        check(9, 3, 33, 18, e -> types.get(e % types.size()), false, Layout.CONTIGUOUS);
        check(9, 3, 33, 18, e -> types.get(e % types.size()), true, Layout.CONTIGUOUS);
    }

    private void check(int rows, int topK, int h, int m, DType dtype, Layout layout) {
        check(rows, topK, h, m, _ -> dtype, false, layout);
        check(rows, topK, h, m, _ -> dtype, true, layout);
    }

    /// Expert 0 gets the first choice of every row, the last expert none, and some rows choose an expert twice.
    private void check(int rows, int topK, int h, int m, IntFunction<DType> type, boolean packed, Layout layout) {
        String label = "experts %d rows, top %d, width %d inside %d, %s%s".formatted(
                rows, topK, m, h, packed ? "packed " : "", type.apply(0));
        try (Operands operands = new Operands(backend(), layout, label)) {
            Operand out = operands.destination(rows, h);
            Operand x = operands.source(rows, h);
            Operand ids = operands.source(
                    DType.I32, rows, topK, (_, j) -> j == 0 ? 0 : operands.below(EXPERTS - 1));
            Operand gates = operands.source(rows, topK);
            ExpertsCase weights = ExpertsCase.of(operands, EXPERTS, h, m, type, rows % 2 == 0, packed);
            reference.experts(
                    out.reference(), x.reference(), ids.reference(), gates.reference(), weights.reference());
            subject().experts(out.subject(), x.subject(), ids.subject(), gates.subject(), weights.subject());
            operands.verify(Tolerance.sum(h + m + topK));
        }
    }
}
