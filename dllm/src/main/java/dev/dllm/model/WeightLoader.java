package dev.dllm.model;

import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.checkpoint.CheckpointException;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.IntStream;

/// Takes weights out of a checkpoint by name, checks their shapes against the configuration, and places them where the
/// backend reads them.
public final class WeightLoader {
    private final Checkpoint checkpoint;
    private final Backend backend;
    private final Arena arena;
    private final boolean pack;

    /// @param arena what is copied or packed lives as long as this
    /// @param pack  whether linear weights are copied into the form that multiplies fastest, or used where they are mapped
    public WeightLoader(Checkpoint checkpoint, Backend backend, Arena arena, boolean pack) {
        this.checkpoint = checkpoint;
        this.backend = backend;
        this.arena = arena;
        this.pack = pack;
    }

    /// Whether the checkpoint has a tensor of this name.
    public boolean has(String name) {
        return checkpoint.info(name).isPresent();
    }

    /// Refuses a checkpoint that holds a tensor of this name, because the configuration leaves no place for it.
    ///
    /// @param contradicted what the configuration says instead, as part of a sentence
    /// @throws CheckpointException if it does
    public void requireNone(String name, String contradicted) {
        if (has(name)) {
            throw new CheckpointException(
                    checkpoint.source() + ": holds a tensor " + name + ", but the configuration names " + contradicted);
        }
    }

    /// A matrix for products, `[rows, cols]`.
    ///
    /// @throws CheckpointException if it is missing, of another shape, or of a type that the backend cannot multiply
    public Weight linear(String name, int rows, int cols) {
        return linear(name, shaped(name, rows, cols));
    }

    /// The matrices of a tensor that holds `count` of them one after another.
    public List<Weight> stacked(String name, int count, int rows, int cols) {
        Tensor all = shaped(name, Math.multiplyExact(count, rows), cols);
        return IntStream.range(0, count)
                .mapToObj(i -> linear(name, all.rows(i * rows, (i + 1) * rows)))
                .toList();
    }

    private Weight linear(String name, Tensor tensor) {
        if (!backend.multiplies(tensor.dtype()) || tensor.dtype() == DType.I8) {
            throw new CheckpointException("%s: tensor %s is %s; the %s backend multiplies by F32, F16 or BF16 without scales"
                    .formatted(checkpoint.source(), name, tensor.dtype(), backend.name()));
        }
        Weight weight = Weight.of(backend.upload(arena, tensor));
        return pack ? backend.pack(arena, weight) : weight;
    }

    /// A table of rows to look up, `[rows, cols]` F32, F16 or BF16.
    public Tensor table(String name, int rows, int cols) {
        return backend.upload(arena, floating(name, rows, cols));
    }

    /// A norm's weight, `[1, cols]` F32, F16 or BF16.
    public Tensor norm(String name, int cols) {
        return backend.upload(arena, floating(name, 1, cols));
    }

    /// A vector `[1, cols]`, widened to F32.
    public Tensor widened(String name, int cols) {
        Tensor tensor = floating(name, 1, cols);
        if (tensor.dtype() == DType.F32) {
            return backend.upload(arena, tensor);
        }
        MemorySegment segment = arena.allocate(DType.F32.bytes(cols), Float.BYTES);
        Tensor copy = Tensor.of(DType.F32, 1, cols, segment);
        for (int i = 0; i < cols; i++) {
            copy.set(0, i, tensor.get(0, i));
        }
        return backend.upload(arena, copy);
    }

    private Tensor floating(String name, int rows, int cols) {
        Tensor tensor = shaped(name, rows, cols);
        return switch (tensor.dtype()) {
            case F32, F16, BF16 -> tensor;
            case I8, I32 -> throw new CheckpointException("%s: tensor %s is %s; needs F32, F16 or BF16"
                    .formatted(checkpoint.source(), name, tensor.dtype()));
        };
    }

    private Tensor shaped(String name, int rows, int cols) {
        Tensor tensor = checkpoint.tensor(name);
        if (tensor.rows() != rows || tensor.cols() != cols) {
            throw new CheckpointException("%s: tensor %s is [%d, %d]; the configuration needs [%d, %d]"
                    .formatted(checkpoint.source(), name, tensor.rows(), tensor.cols(), rows, cols));
        }
        return tensor;
    }
}
