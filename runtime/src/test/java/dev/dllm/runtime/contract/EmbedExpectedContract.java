package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/// `embedExpected` against the reference.
abstract class EmbedExpectedContract extends Contract {

    EmbedExpectedContract(IntFunction<Backend> open) {
        super(open);
    }

    @Test
    void everyTypeAndSize() {
        for (DType dtype : floatTypes()) {
            for (Layout layout : Layout.values()) {
                for (int size : Sizes.AWKWARD) {
                    check(dtype, layout, 3, size, 20, 1, Operands::uniform);
                    check(dtype, layout, 3, 20, size, 1, Operands::uniform);
                }
                check(dtype, layout, 37, 300, 700, 0.3f, operands -> 8 * operands.uniform());
            }
        }
    }

    /// Logits whose exponentials would overflow, and that leave one token nearly alone.
    @Test
    void largeLogits() {
        for (float size : new float[] {50, 1e4f, 1e30f}) {
            check(DType.F32, Layout.CONTIGUOUS, 5, 150, 40, 1, operands -> size * operands.uniform());
        }
    }

    private void check(
            DType dtype, Layout layout, int rows, int vocabulary, int width, float scale, ToDoubleFunction<Operands> logit) {
        String label = "embedExpected %s[%d, %d], %d rows".formatted(dtype, vocabulary, width, rows);
        try (Operands operands = new Operands(backend(), layout, label)) {
            Operand out = operands.destination(rows, width);
            Operand table = operands.source(dtype, vocabulary, width);
            Operand logits = operands.source(
                    DType.F32, rows, vocabulary, (_, _) -> (float) logit.applyAsDouble(operands));
            reference.embedExpected(out.reference(), table.reference(), logits.reference(), scale);
            subject().embedExpected(out.subject(), table.subject(), logits.subject(), scale);
            operands.verify(Tolerance.sum(vocabulary));
        }
    }
}
