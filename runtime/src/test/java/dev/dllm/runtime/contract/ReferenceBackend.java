package dev.dllm.runtime.contract;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Memory;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// [ReferenceOps] on host memory, nothing packed: what tests of models and of decoding run on. One thread.
public final class ReferenceBackend implements Backend {
    private static final int ALIGNMENT = 64;

    private final ReferenceOps ops = new ReferenceOps();

    @Override
    public String name() {
        return "reference";
    }

    @Override
    public String description() {
        return "scalar float64 on one thread, for tests";
    }

    @Override
    public Ops ops() {
        return ops;
    }

    @Override
    public boolean multiplies(DType weight) {
        return weight != DType.I32;
    }

    @Override
    public Tensor allocate(Arena arena, DType dtype, int rows, int cols) {
        long bytes = Math.multiplyExact(rows, dtype.bytes(cols));
        return Tensor.of(dtype, rows, cols, new Memory.Host(arena.allocate(bytes, ALIGNMENT)));
    }

    @Override
    public Tensor upload(Arena arena, Tensor host) {
        return host;
    }

    @Override
    public Weight pack(Arena arena, Weight weight) {
        return weight;
    }

    @Override
    public void write(Tensor dst, MemorySegment src) {
        long rowBytes = dst.dtype().bytes(dst.cols());
        for (int r = 0; r < dst.rows(); r++) {
            MemorySegment.copy(src, r * rowBytes, dst.segment(), dst.offset(r, 0), rowBytes);
        }
    }

    @Override
    public void download(MemorySegment dst, Tensor src) {
        long rowBytes = src.dtype().bytes(src.cols());
        for (int r = 0; r < src.rows(); r++) {
            MemorySegment.copy(src.segment(), src.offset(r, 0), dst, r * rowBytes, rowBytes);
        }
    }

    @Override
    public void close() {
        ops.close();
    }
}
