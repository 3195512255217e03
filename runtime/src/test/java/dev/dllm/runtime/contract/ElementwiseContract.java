package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// `add`, `guide` and `swiglu` against the reference, also written over a source.
abstract class ElementwiseContract extends Contract {

    /// The largest magnitudes first: where e^x overflows, where it underflows, and nothing at all.
    private static final float[] EXTREMES = {
        -1e30f, 1e30f, -104, -103, -88.8f, -88, -87.3f, 88, 88.8f, 104, -20, 20, -0f, 0, 0x1p-140f, -0x1p-140f,
        Float.NaN
    };

    /// Of guidance.
    private static final float[] SCALES = {0, 0.5f, 0.1f, -1, 7.3f};

    ElementwiseContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void widths() {
        for (Layout layout : Layout.values()) {
            for (int cols : Sizes.AWKWARD) {
                add(3, cols, layout);
                for (float scale : SCALES) {
                    guide(3, cols, layout, scale);
                }
                swiglu(3, cols, layout);
            }
            add(37, 1500, layout);
            guide(37, 1500, layout, 0.5f);
            swiglu(37, 1500, layout);
        }
    }

    @Test
    void destinationIsASource() {
        for (int cols : Sizes.AWKWARD) {
            try (Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, "in place " + cols)) {
                Operand first = operands.inPlace(4, cols);
                Operand second = operands.inPlace(4, cols);
                Operand other = operands.source(4, cols);
                reference.add(first.reference(), first.reference(), other.reference());
                subject().add(first.subject(), first.subject(), other.subject());
                reference.add(second.reference(), other.reference(), second.reference());
                subject().add(second.subject(), other.subject(), second.subject());
                operands.verify(Tolerance.EXACT);
            }
            try (Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, "guide in place " + cols)) {
                Operand conditional = operands.inPlace(4, cols);
                Operand unconditional = operands.inPlace(4, cols);
                Operand other = operands.source(4, cols);
                reference.guide(conditional.reference(), conditional.reference(), other.reference(), 0.3f);
                subject().guide(conditional.subject(), conditional.subject(), other.subject(), 0.3f);
                reference.guide(unconditional.reference(), other.reference(), unconditional.reference(), 0.3f);
                subject().guide(unconditional.subject(), other.subject(), unconditional.subject(), 0.3f);
                operands.verify(Tolerance.EXACT);
            }
            try (Operands operands = new Operands(backend(), Layout.COLUMN_SLICE, "swiglu in place " + cols)) {
                Operand gate = operands.inPlace(4, cols);
                Operand up = operands.inPlace(4, cols);
                Operand other = operands.source(4, cols);
                reference.swiglu(gate.reference(), gate.reference(), other.reference());
                subject().swiglu(gate.subject(), gate.subject(), other.subject());
                reference.swiglu(up.reference(), other.reference(), up.reference());
                subject().swiglu(up.subject(), other.subject(), up.subject());
                operands.verify(Tolerance.FEW_ROUNDINGS);
            }
        }
    }

    @Test
    void bothSourcesAreOne() {
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, "add twice the same")) {
            Operand out = operands.destination(3, 21);
            Operand x = operands.inPlace(3, 21);
            reference.add(out.reference(), x.reference(), x.reference());
            subject().add(out.subject(), x.subject(), x.subject());
            reference.add(x.reference(), x.reference(), x.reference());
            subject().add(x.subject(), x.subject(), x.subject());
            operands.verify(Tolerance.EXACT);
        }
    }

    @Test
    void swigluOfExtremes() {
        for (int shift = 0; shift < EXTREMES.length; shift++) {
            int first = shift;
            try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, "swiglu of extremes " + shift)) {
                Operand out = operands.destination(2, 41);
                Operand gate = operands.source(
                        DType.F32, 2, 41, (_, c) -> EXTREMES[(first + c) % EXTREMES.length]);
                Operand up = operands.source(2, 41);
                reference.swiglu(out.reference(), gate.reference(), up.reference());
                subject().swiglu(out.subject(), gate.subject(), up.subject());
                operands.verify(Tolerance.FEW_ROUNDINGS);
            }
        }
    }

    /// Infinite differences, sums that overflow, −∞ in one or both.
    @Test
    void guideOfExtremes() {
        float[] values = {Float.NEGATIVE_INFINITY, 3e38f, -3e38f, 0, -0f, 1e-45f, Float.NaN, Float.POSITIVE_INFINITY};
        for (float scale : SCALES) {
            try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, "guide of extremes " + scale)) {
                Operand out = operands.destination(8, 37);
                Operand conditional = operands.source(DType.F32, 8, 37, (i, _) -> values[i]);
                Operand unconditional = operands.source(DType.F32, 8, 37, (_, c) -> values[c % 8]);
                reference.guide(out.reference(), conditional.reference(), unconditional.reference(), scale);
                subject().guide(out.subject(), conditional.subject(), unconditional.subject(), scale);
                operands.verify(Tolerance.EXACT);
            }
        }
    }

    /// By hand: twice the step from the unconditional to the conditional logit; none; the whole.
    @Test
    void guideByHand() {
        try (Operands operands = new Operands(backend(), Layout.CONTIGUOUS, "guide by hand")) {
            Operand conditional = operands.source(DType.F32, 1, 19, (_, c) -> c);
            Operand unconditional = operands.source(DType.F32, 1, 19, (_, _) -> 3);
            Operand out = operands.inPlace(1, 19);
            for (float scale : new float[] {1, -1, 0}) {
                subject().guide(out.subject(), conditional.subject(), unconditional.subject(), scale);
                for (int c = 0; c < 19; c++) {
                    assertEquals(3 + (scale + 1) * (c - 3), out.result().get(0, c));
                }
            }
        }
    }

    private void guide(int rows, int cols, Layout layout, float scale) {
        String label = "guide [%d, %d] by %s".formatted(rows, cols, scale);
        try (Operands operands = new Operands(backend(), layout, label)) {
            Operand out = operands.destination(rows, cols);
            Operand conditional = operands.source(rows, cols);
            Operand unconditional = operands.source(rows, cols);
            reference.guide(out.reference(), conditional.reference(), unconditional.reference(), scale);
            subject().guide(out.subject(), conditional.subject(), unconditional.subject(), scale);
            operands.verify(Tolerance.EXACT);
        }
    }

    private void add(int rows, int cols, Layout layout) {
        try (Operands operands = new Operands(backend(), layout, "add [%d, %d]".formatted(rows, cols))) {
            Operand out = operands.destination(rows, cols);
            Operand a = operands.source(rows, cols);
            Operand b = operands.source(rows, cols);
            reference.add(out.reference(), a.reference(), b.reference());
            subject().add(out.subject(), a.subject(), b.subject());
            operands.verify(Tolerance.EXACT);
        }
    }

    private void swiglu(int rows, int cols, Layout layout) {
        try (Operands operands = new Operands(backend(), layout, "swiglu [%d, %d]".formatted(rows, cols))) {
            Operand out = operands.destination(rows, cols);
            Operand gate = operands.source(DType.F32, rows, cols, (_, _) -> 12 * operands.uniform());
            Operand up = operands.source(rows, cols);
            reference.swiglu(out.reference(), gate.reference(), up.reference());
            subject().swiglu(out.subject(), gate.subject(), up.subject());
            operands.verify(Tolerance.FEW_ROUNDINGS);
        }
    }
}
