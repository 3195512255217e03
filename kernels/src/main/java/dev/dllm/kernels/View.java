package dev.dllm.kernels;

import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.Tensor;
import org.jspecify.annotations.Nullable;

/// Where the rows of a tensor are, for an op that is running. Reused from call to call; the reference keeps memory of
/// an automatic arena reachable while only its address is in use.
final class View {
    private @Nullable Tensor tensor;
    private long base;
    private long stride;

    /// Views another tensor from now on, or none.
    void set(@Nullable Tensor tensor) {
        this.tensor = tensor;
        base = tensor == null ? 0 : Native.address(tensor);
        stride = tensor == null ? 0 : Native.stride(tensor);
    }

    /// Whether a tensor is viewed.
    boolean isSet() {
        return tensor != null;
    }

    /// Address of element (row, 0).
    long row(int row) {
        return base + row * stride;
    }

    /// Bytes from one row to the next.
    long stride() {
        return stride;
    }
}
