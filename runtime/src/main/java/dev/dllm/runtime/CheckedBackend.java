package dev.dllm.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A backend whose ops and copies are checked.
record CheckedBackend(Backend backend, Ops ops) implements Backend {

    CheckedBackend(Backend backend) {
        this(backend, new CheckedOps(backend.ops()));
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
    public Tensor allocate(Arena arena, DType dtype, int rows, int cols) {
        return backend.allocate(arena, dtype, rows, cols);
    }

    @Override
    public Tensor upload(Arena arena, Tensor host) {
        CheckedOps.alive("upload", host);
        return backend.upload(arena, host);
    }

    @Override
    public Weight pack(Arena arena, Weight weight) {
        CheckedOps.alive("pack", weight);
        return backend.pack(arena, weight);
    }

    @Override
    public void write(Tensor dst, MemorySegment src) {
        CheckedOps.writable("write", dst);
        if (src.byteSize() != dst.byteSize()) {
            throw new ShapeException("write: " + src.byteSize() + " bytes into " + dst + " of " + dst.byteSize());
        }
        backend.write(dst, src);
    }

    @Override
    public void download(MemorySegment dst, Tensor src) {
        CheckedOps.alive("download", src);
        if (dst.byteSize() != src.byteSize()) {
            throw new ShapeException("download: " + src + " of " + src.byteSize() + " bytes into " + dst.byteSize());
        }
        backend.download(dst, src);
    }

    @Override
    public float[][] rows(Tensor src) {
        CheckedOps.alive("rows", src);
        if (src.dtype() != DType.F32) {
            throw new ShapeException("rows: " + src + " where F32 is accepted");
        }
        return backend.rows(src);
    }

    @Override
    public void close() {
        backend.close();
    }
}
