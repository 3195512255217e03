package dev.dllm.checkpoint;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;

/// A tensor where it lies.
///
/// @param info as its file declares it
/// @param data its bytes, all of them and no more
/// @param file that holds it, for messages
record StoredTensor(TensorInfo info, MemorySegment data, String file) {

    /// @see Checkpoint#tensor
    Tensor matrix() {
        DType dtype = dtype();
        List<Long> shape = info.shape();
        long columns = shape.isEmpty() ? 1 : shape.getLast();
        long rows = shape.stream().limit(Math.max(0, shape.size() - 1)).reduce(1L, Math::multiplyExact);
        if (columns < 1 || columns > Integer.MAX_VALUE || rows > Integer.MAX_VALUE) {
            throw refused("shape %s makes a matrix of %d x %d; accepted: up to %d rows and 1 to %4$d columns"
                    .formatted(shape, rows, columns, Integer.MAX_VALUE));
        }
        return Tensor.of(dtype, (int) rows, (int) columns, data);
    }

    private DType dtype() {
        return switch (info.dtype()) {
            case "F32" -> DType.F32;
            case "F16" -> DType.F16;
            case "BF16" -> DType.BF16;
            case "I8" -> DType.I8;
            case "I32" -> DType.I32;
            default -> throw refused(
                    "dtype '" + info.dtype() + "' cannot be computed with; accepted: F32, F16, BF16, I8, I32");
        };
    }

    private CheckpointException refused(String problem) {
        return CheckpointException.in(file, "tensor '" + info.name() + "': " + problem);
    }
}
