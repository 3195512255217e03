package dev.dllm.checkpoint;

import java.util.List;

/// A tensor as its file declares it.
///
/// @param name  as stored
/// @param dtype as the file writes it, e.g. `BF16` or `F8_E4M3`: also types that cannot be computed with
/// @param shape extents, outermost first; empty for a scalar
/// @param bytes that it takes in the file
public record TensorInfo(String name, String dtype, List<Long> shape, long bytes) {

    public TensorInfo {
        shape = List.copyOf(shape);
    }

    /// Number of elements.
    public long elements() {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }
}
