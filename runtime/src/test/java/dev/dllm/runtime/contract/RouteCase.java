package dev.dllm.runtime.contract;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.contract.Operand.Fill;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The shape of one `route`.
///
/// @param blocks first rows of the routing blocks, none if the router has no capacity
record RouteCase(int rows, int experts, RouterSpec spec, int... blocks) {

    /// With random logits in [−3, 3) and random biases in [−1, 1), or none.
    Run on(Operands operands, boolean biased) {
        return on(operands, (_, _) -> 3 * operands.uniform(), biased ? (_, _) -> operands.uniform() : null);
    }

    Run on(Operands operands, Fill logits, @Nullable Fill bias) {
        return new Run(
                this,
                operands.source(DType.F32, rows, experts, logits),
                bias == null ? null : operands.source(DType.F32, 1, experts, bias),
                operands.destination(DType.I32, rows, spec.topK()),
                operands.destination(rows, spec.topK()));
    }

    @Override
    public String toString() {
        return "%d rows of %d, %s, blocks from %s".formatted(rows, experts, spec, Arrays.toString(blocks));
    }

    /// A case with its operands.
    record Run(RouteCase shape, Operand logits, @Nullable Operand bias, Operand ids, Operand gates) {

        void reference(Ops ops) {
            ops.route(ids.reference(), gates.reference(), logits.reference(), bias == null ? null : bias.reference(),
                    shape.spec(), Indices.of(shape.blocks()));
        }

        void subject(Ops ops) {
            subject(ops, 0, shape.rows(), shape.blocks());
        }

        /// Rows `[from, to)` alone.
        ///
        /// @param blocks counted from `from`
        void subject(Ops ops, int from, int to, int... blocks) {
            ops.route(
                    ids.subject().rows(from, to), gates.subject().rows(from, to), logits.subject().rows(from, to),
                    bias == null ? null : bias.subject(), shape.spec(), Indices.of(blocks));
        }
    }
}
