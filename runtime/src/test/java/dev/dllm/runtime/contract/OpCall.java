package dev.dllm.runtime.contract;

import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import java.util.List;
import java.util.function.Consumer;

/// A typical call of one op, for the laws that hold for all of them. Row 1 of the inputs may be NaN: a broken row must
/// not disturb its neighbours.
interface OpCall {

    /// The method of [Ops], and what sets this call apart from others of the same method.
    String name();

    /// The call for rows `[from, to)` alone, its operands made beforehand: running it allocates nothing itself.
    Consumer<Ops> on(int from, int to);

    /// What the last run left for row `i`.
    float[] row(int i);

    /// The method of [Ops] that is called.
    default String method() {
        return name().split(" ")[0];
    }

    /// Concatenates row `i` of what the backend left in each operand.
    static float[] row(List<Operand> written, int i) {
        int length = written.stream().mapToInt(operand -> operand.subject().cols()).sum();
        float[] row = new float[length];
        int next = 0;
        for (Operand operand : written) {
            Tensor result = operand.result();
            for (int c = 0; c < result.cols(); c++) {
                row[next++] = result.get(i, c);
            }
        }
        return row;
    }
}
