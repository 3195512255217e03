package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `rmsNorm` and `addRmsNorm` against the reference.
abstract class NormContract extends Contract {
    private static final float EPS = 1e-5f;

    NormContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void wholeRows() {
        for (DType dtype : floatTypes()) {
            for (Layout layout : Layout.values()) {
                for (int width : Sizes.AWKWARD) {
                    rmsNorm(3, 1, width, dtype, layout);
                }
                rmsNorm(20, 1, 2050, dtype, layout);
            }
        }
    }

    @Test
    void perHead() {
        for (DType dtype : floatTypes()) {
            for (int headDim : new int[] {1, 3, 8, 20, 32, 64, 96, 128}) {
                rmsNorm(5, 4, headDim, dtype, Layout.COLUMN_SLICE);
            }
        }
    }

    /// Zeros and tiny numbers are held up by `eps`; squares of large ones are still floats.
    @Test
    void magnitudes() {
        for (float magnitude : new float[] {0, 0x1p-140f, 1e-20f, 1e-3f, 1e4f, 1e17f}) {
            try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, "rmsNorm around " + magnitude)) {
                Operand out = operands.destination(3, 50);
                Operand x = operands.source(DType.F32, 3, 50, (_, _) -> magnitude * operands.uniform());
                Operand weight = operands.source(1, 50);
                reference.rmsNorm(out.reference(), x.reference(), weight.reference(), EPS);
                subject().rmsNorm(out.subject(), x.subject(), weight.subject(), EPS);
                operands.verify(Tolerance.sum(50));
            }
        }
    }

    @Test
    void inPlace() {
        for (int width : Sizes.AWKWARD) {
            try (Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, "rmsNorm in place " + width)) {
                Operand x = operands.inPlace(3, 2 * width);
                Operand weight = operands.source(1, width);
                reference.rmsNorm(x.reference(), x.reference(), weight.reference(), EPS);
                subject().rmsNorm(x.subject(), x.subject(), weight.subject(), EPS);
                operands.verify(Tolerance.sum(width));
            }
        }
    }

    /// The residual is a plain f32 sum, exact to the bit; `out` has the bits of `rmsNorm`, being defined by it.
    @Test
    void addThenNorm() {
        for (Layout layout : Layout.values()) {
            for (int width : Sizes.AWKWARD) {
                addRmsNorm(3, width, layout, false);
                addRmsNorm(3, width, layout, true);
            }
            addRmsNorm(33, 1300, layout, false);
        }
    }

    private void addRmsNorm(int rows, int width, Layout layout, boolean overX) {
        String label = "addRmsNorm [%d, %d]%s".formatted(rows, width, overX ? " over x" : "");
        try (Operands operands = new Operands(backend(), layout, label)) {
            Operand residual = operands.inPlace(rows, width);
            Operand x = operands.inPlace(rows, width);
            Operand weight = operands.source(1, width);
            Operand out = overX ? x : operands.destination(rows, width);
            Ops ops = subject();
            ops.addRmsNorm(out.subject(), residual.subject(), x.subject(), weight.subject(), EPS);

            reference.add(residual.reference(), residual.reference(), x.reference());
            Operand composed = operands.destination(rows, width);
            ops.rmsNorm(composed.subject(), residual.subject(), weight.subject(), EPS);
            copy(composed, out);
            copy(composed, composed);
            operands.verify(Tolerance.EXACT);
        }
    }

    /// Makes what the backend left in `from` the expectation for `to`.
    private static void copy(Operand from, Operand to) {
        Tensor result = from.result();
        for (int r = 0; r < result.rows(); r++) {
            for (int c = 0; c < result.cols(); c++) {
                to.reference().set(r, c, result.get(r, c));
            }
        }
    }

    private void rmsNorm(int rows, int runs, int width, DType dtype, Layout layout) {
        String label = "rmsNorm [%d, %d · %d] by %s".formatted(rows, runs, width, dtype);
        try (Operands operands = new Operands(backend(), layout, label)) {
            Operand out = operands.destination(rows, runs * width);
            Operand x = operands.source(rows, runs * width);
            Operand weight = operands.source(dtype, 1, width);
            reference.rmsNorm(out.reference(), x.reference(), weight.reference(), EPS);
            subject().rmsNorm(out.subject(), x.subject(), weight.subject(), EPS);
            operands.verify(Tolerance.sum(width));
        }
    }
}
