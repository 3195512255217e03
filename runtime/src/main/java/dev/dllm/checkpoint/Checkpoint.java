package dev.dllm.checkpoint;

import dev.dllm.runtime.Tensor;
import java.util.Collection;
import java.util.Optional;

/// Named tensors that lie where a file is mapped. Immutable and thread-safe; the memory lives as long as the arena that
/// the checkpoint was opened with.
public interface Checkpoint {

    /// Every tensor of the file or files, without reading their contents.
    Collection<TensorInfo> tensors();

    /// What is stored under `name`, if anything.
    Optional<TensorInfo> info(String name);

    /// The tensor as a read-only matrix over the file's bytes: a scalar is `[1, 1]`, one dimension `[n]` is `[1, n]`;
    /// with more than two, all but the last are rows.
    ///
    /// @throws CheckpointException if there is none of this name; if its type is no [dev.dllm.runtime.DType]; or if its
    ///         shape makes no matrix: no columns, or more rows or columns than an int counts
    Tensor tensor(String name);

    /// What messages call it: the file or directory.
    String source();
}
