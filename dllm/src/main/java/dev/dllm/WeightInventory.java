package dev.dllm;

import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.checkpoint.TensorInfo;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Records what a family takes out of a checkpoint while it believes to load it: the same names, shapes and types are asked
/// for and checked, but nothing is copied, packed or read.
final class WeightInventory implements Checkpoint, Backend {
    private final Checkpoint checkpoint;
    private final Backend backend;
    private final Set<String> used = new HashSet<>();
    private long packedBytes;

    /// @param backend decides which types can be multiplied
    WeightInventory(Checkpoint checkpoint, Backend backend) {
        this.checkpoint = checkpoint;
        this.backend = backend;
    }

    /// Names of the tensors that were not taken, sorted.
    List<String> unused() {
        return checkpoint.tensors().stream()
                .map(TensorInfo::name)
                .filter(name -> !used.contains(name))
                .sorted()
                .toList();
    }

    /// Bytes of the weights that a packed copy would be made of.
    long packedBytes() {
        return packedBytes;
    }

    @Override
    public Collection<TensorInfo> tensors() {
        return checkpoint.tensors();
    }

    @Override
    public Optional<TensorInfo> info(String name) {
        return checkpoint.info(name);
    }

    @Override
    public Tensor tensor(String name) {
        Tensor tensor = checkpoint.tensor(name);
        used.add(name);
        return tensor;
    }

    @Override
    public String source() {
        return checkpoint.source();
    }

    @Override
    public String name() {
        return backend.name();
    }

    @Override
    public String description() {
        return backend.description();
    }

    @Override
    public boolean multiplies(DType weight) {
        return backend.multiplies(weight);
    }

    @Override
    public Tensor upload(Arena arena, Tensor host) {
        return host;
    }

    @Override
    public Weight pack(Arena arena, Weight weight) {
        packedBytes += weight.values().byteSize();
        return weight;
    }

    @Override
    public Tensor allocate(Arena arena, DType dtype, int rows, int cols) {
        throw new UnsupportedOperationException("an inventory computes nothing");
    }

    @Override
    public Ops ops() {
        throw new UnsupportedOperationException("an inventory computes nothing");
    }

    @Override
    public void write(Tensor dst, MemorySegment src) {
        throw new UnsupportedOperationException("an inventory computes nothing");
    }

    @Override
    public void download(MemorySegment dst, Tensor src) {
        throw new UnsupportedOperationException("an inventory computes nothing");
    }

    @Override
    public void close() {
        backend.close();
    }
}
