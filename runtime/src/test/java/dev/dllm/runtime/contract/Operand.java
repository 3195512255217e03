package dev.dllm.runtime.contract;

import static org.junit.jupiter.api.Assertions.fail;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// One operand twice: on the host, where the reference computes, and where the backend under test can use it. Each lies
/// inside a frame whose other elements are guards that nothing may change; NaNs where the type has them, so that
/// reading them shows as well.
final class Operand {

    /// What an op may do to the elements of the view.
    enum Role {
        READ,
        WRITTEN
    }

    private final Backend backend;
    private final Arena arena;
    private final Layout layout;
    private final Role role;
    private final Tensor initial;
    private final Tensor referenceFrame;
    private final Tensor subjectFrame;

    Operand(Backend backend, Arena arena, Layout layout, Role role, DType dtype, int rows, int cols, Fill fill) {
        this.backend = backend;
        this.arena = arena;
        this.layout = layout;
        this.role = role;
        initial = hostFrame(dtype, layout.frameRows(rows), layout.frameCols(cols));
        for (int r = 0; r < initial.rows(); r++) {
            for (int c = 0; c < initial.cols(); c++) {
                initial.set(r, c, guard(dtype));
            }
        }
        Tensor view = layout.view(initial);
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < cols; c++) {
                view.set(r, c, fill.at(r, c));
            }
        }
        referenceFrame = hostFrame(dtype, initial.rows(), initial.cols());
        subjectFrame = backend.allocate(arena, dtype, initial.rows(), initial.cols());
        restore();
    }

    /// The view that the reference gets.
    Tensor reference() {
        return layout.view(referenceFrame);
    }

    /// The view that the backend under test gets.
    Tensor subject() {
        return layout.view(subjectFrame);
    }

    /// A copy on the host of what the view of the backend holds now.
    Tensor result() {
        return layout.view(downloaded());
    }

    /// Gives both sides the contents that they started with.
    void restore() {
        backend.write(subjectFrame, initial.segment());
        referenceFrame.segment().copyFrom(initial.segment());
    }

    /// Fails unless the view agrees with the reference, or is unchanged if it is only read, and all guards are
    /// unchanged.
    void verify(String label, Tolerance tolerance) {
        Tensor frame = downloaded();
        for (int r = 0; r < frame.rows(); r++) {
            for (int c = 0; c < frame.cols(); c++) {
                boolean kept = role == Role.READ || !layout.contains(frame, r, c);
                if (kept && bits(initial, r, c) != bits(frame, r, c)) {
                    fail("%s: element (%d, %d) of a frame %s was changed".formatted(label, r, c, frame));
                }
            }
        }
        if (role == Role.WRITTEN) {
            tolerance.check(label, reference(), layout.view(frame));
        }
    }

    private Tensor downloaded() {
        Tensor copy = hostFrame(subjectFrame.dtype(), subjectFrame.rows(), subjectFrame.cols());
        backend.download(copy.segment(), subjectFrame);
        return copy;
    }

    private static int bits(Tensor tensor, int row, int col) {
        return Float.floatToRawIntBits(tensor.get(row, col));
    }

    private Tensor hostFrame(DType dtype, int rows, int cols) {
        MemorySegment segment = arena.allocate(rows * dtype.bytes(cols), Float.BYTES);
        return Tensor.of(dtype, rows, cols, segment);
    }

    /// Stands around operands, and inside destinations before they are written.
    static float guard(DType dtype) {
        return switch (dtype) {
            case F32, F16, BF16 -> Float.NaN;
            case I8 -> 101;
            case I32 -> -7;
        };
    }

    /// The initial value of each element of a view.
    interface Fill {
        float at(int row, int col);
    }
}
