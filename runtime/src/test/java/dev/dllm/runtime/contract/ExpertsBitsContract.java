package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.ExpertWeights;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// The bits of `experts`: those of `linear` and `swiglu`, summed over the choices of a row in order.
abstract class ExpertsBitsContract extends Contract {
    private static final int EXPERTS = 6;

    ExpertsBitsContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void everyTypeAndForm() {
        for (DType dtype : weightTypes()) {
            for (int rows : new int[] {1, 2, 5, 19, 64}) {
                check(backend(), dtype, rows, false);
                check(backend(), dtype, rows, true);
            }
        }
    }

    @Test
    void twoThreads() {
        try (Backend two = open(2)) {
            for (DType dtype : weightTypes()) {
                check(two, dtype, 19, false);
                check(two, dtype, 64, true);
            }
        }
    }

    /// The gates are powers of two, so that gate times expert is exact and only the order of the sum is left to see.
    private void check(Backend backend, DType dtype, int rows, boolean packed) {
        int h = 70;
        int m = 45;
        int topK = 3;
        String label = "experts %d rows, %s%s".formatted(rows, packed ? "packed " : "", dtype);
        try (Operands operands = new Operands(backend, Layout.COLUMN_SLICE, label)) {
            Operand out = operands.destination(rows, h);
            Operand x = operands.source(rows, h);
            Operand ids = operands.source(DType.I32, rows, topK, (_, _) -> operands.below(EXPERTS));
            Operand gates = operands.source(DType.F32, rows, topK, (_, j) -> 0x1p-2f * (1 << j));
            ExpertsCase weights = ExpertsCase.of(operands, EXPERTS, h, m, _ -> dtype, true, packed);
            backend.ops().experts(out.subject(), x.subject(), ids.subject(), gates.subject(), weights.subject());

            float[][][] expert = everyExpert(backend, x.subject(), weights.subject());
            for (int i = 0; i < rows; i++) {
                for (int c = 0; c < h; c++) {
                    float sum = 0;
                    for (int j = 0; j < topK; j++) {
                        sum += gates.reference().get(i, j) * expert[(int) ids.reference().get(i, j)][i][c];
                    }
                    out.reference().set(i, c, sum);
                }
            }
            operands.verify(Tolerance.EXACT);
        }
    }

    /// What each expert makes of each row, by the backend's own `linear` and `swiglu`.
    private static float[][][] everyExpert(Backend backend, Tensor x, ExpertWeights weights) {
        float[][][] all = new float[weights.count()][x.rows()][weights.hidden()];
        try (Arena arena = Arena.ofShared()) {
            Tensor gate = backend.allocate(arena, DType.F32, x.rows(), weights.width());
            Tensor up = backend.allocate(arena, DType.F32, x.rows(), weights.width());
            Tensor down = backend.allocate(arena, DType.F32, x.rows(), weights.hidden());
            Tensor host = Tensor.of(DType.F32, down.rows(), down.cols(), arena.allocate(down.byteSize(), Float.BYTES));
            for (int e = 0; e < all.length; e++) {
                backend.ops().linear(gate, x, weights.gate().get(e), null);
                backend.ops().linear(up, x, weights.up().get(e), null);
                backend.ops().swiglu(gate, gate, up);
                backend.ops().linear(down, gate, weights.down().get(e), null);
                backend.download(host.segment(), down);
                for (int i = 0; i < host.rows(); i++) {
                    for (int c = 0; c < host.cols(); c++) {
                        all[e][i][c] = host.get(i, c);
                    }
                }
            }
        }
        return all;
    }
}
