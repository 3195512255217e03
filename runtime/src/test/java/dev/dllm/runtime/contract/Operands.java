package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import dev.dllm.runtime.contract.Operand.Fill;
import dev.dllm.runtime.contract.Operand.Role;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The operands of one case, freed together. Their random contents follow from the label alone.
final class Operands implements AutoCloseable {

    /// A weight on both sides, as [Operand].
    record WeightPair(Weight reference, Weight subject) {}

    private final Arena arena = Arena.ofShared();
    private final List<Operand> all = new ArrayList<>();
    private final Backend backend;
    private final Layout layout;
    private final String label;
    private final SplittableRandom random;

    /// Operands for `backend` that all lie as `layout` says.
    Operands(Backend backend, Layout layout, String label) {
        this.backend = backend;
        this.layout = layout;
        int seed = label.hashCode();
        this.label = "%s, %s, seed %d".formatted(label, layout, seed);
        this.random = new SplittableRandom(seed);
    }

    /// What failure messages begin with.
    String label() {
        return label;
    }

    /// Uniform in [−1, 1).
    float uniform() {
        return (float) random.nextDouble(-1, 1);
    }

    /// Uniform in `[0, bound)`.
    int below(int bound) {
        return random.nextInt(bound);
    }

    /// Random floats in [−1, 1) that are only read.
    Operand source(int rows, int cols) {
        return source(DType.F32, rows, cols);
    }

    /// Random numbers that are only read: in [−1, 1), or any that an I8 can hold.
    Operand source(DType dtype, int rows, int cols) {
        return source(dtype, rows, cols, (_, _) -> dtype == DType.I8 ? random.nextInt(-128, 128) : uniform());
    }

    Operand source(DType dtype, int rows, int cols, Fill fill) {
        return operand(Role.READ, dtype, rows, cols, fill);
    }

    /// Floats to be written, NaN before.
    Operand destination(int rows, int cols) {
        return destination(DType.F32, rows, cols);
    }

    Operand destination(DType dtype, int rows, int cols) {
        return operand(Role.WRITTEN, dtype, rows, cols, (_, _) -> Operand.guard(dtype));
    }

    /// Random floats that are read and overwritten.
    Operand inPlace(int rows, int cols) {
        return operand(Role.WRITTEN, DType.F32, rows, cols, (_, _) -> uniform());
    }

    /// A random weight, in the backend's packed form if asked for.
    WeightPair weight(DType dtype, int n, int k, boolean scaled, boolean packed) {
        return weight(source(dtype, n, k), scaled ? source(1, n) : null, packed);
    }

    WeightPair weight(Operand values, @Nullable Operand scales, boolean packed) {
        Weight subject = weight(values.subject(), scales == null ? null : scales.subject());
        return new WeightPair(
                weight(values.reference(), scales == null ? null : scales.reference()),
                packed ? backend.pack(arena, subject) : subject);
    }

    /// Gives every operand the contents that it started with.
    void restore() {
        all.forEach(Operand::restore);
    }

    /// Fails unless what the backend wrote agrees with the reference and nothing else changed.
    void verify(Tolerance tolerance) {
        all.forEach(operand -> operand.verify(label, tolerance));
    }

    @Override
    public void close() {
        arena.close();
    }

    private Operand operand(Role role, DType dtype, int rows, int cols, Fill fill) {
        Operand operand = new Operand(backend, arena, layout, role, dtype, rows, cols, fill);
        all.add(operand);
        return operand;
    }

    private static Weight weight(Tensor values, @Nullable Tensor scales) {
        return scales == null ? Weight.of(values) : Weight.of(values, scales);
    }
}
