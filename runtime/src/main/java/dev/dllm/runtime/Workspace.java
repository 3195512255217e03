package dev.dllm.runtime;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/// Activations of one request: memory that is handed out in order, taken back all at once by [#reset], and kept.
///
/// It grows while a step needs more than the steps before; at the next reset the pieces are replaced by one that is large
/// enough, so a steady loop allocates nothing. Contents are not zeroed between steps. Not thread-safe.
public final class Workspace implements AutoCloseable {
    /// Every tensor starts at a multiple of this many bytes: a cache line, and the widest vector.
    private static final int ALIGNMENT = 64;
    private static final long FIRST_CHUNK_BYTES = 1 << 20;

    private final Backend backend;
    private final List<Chunk> chunks = new ArrayList<>();
    private long used;
    private boolean closed;

    /// An empty workspace on `backend`, which must stay open for as long.
    public Workspace(Backend backend) {
        this.backend = backend;
    }

    /// A matrix `[rows, cols]` of floats with arbitrary contents, valid until the next [#reset] or [#close].
    public Tensor f32(int rows, int cols) {
        return allocate(DType.F32, rows, cols);
    }

    /// A matrix `[rows, cols]` of ids with arbitrary contents, valid until the next [#reset] or [#close].
    public Tensor i32(int rows, int cols) {
        return allocate(DType.I32, rows, cols);
    }

    /// Takes everything back. Tensors handed out before must not be used any more: they will share memory with new ones.
    public void reset() {
        if (chunks.size() > 1) {
            long total = reservedBytes();
            close();
            closed = false;
            chunks.add(new Chunk(backend, total));
        }
        used = 0;
    }

    /// Bytes held, in use or not.
    public long reservedBytes() {
        return chunks.stream().mapToLong(Chunk::byteSize).sum();
    }

    /// Frees the memory. Idempotent.
    @Override
    public void close() {
        chunks.forEach(chunk -> chunk.arena.close());
        chunks.clear();
        used = 0;
        closed = true;
    }

    private Tensor allocate(DType dtype, int rows, int cols) {
        if (closed) {
            throw new IllegalStateException("the workspace has been closed");
        }
        long bytes = Math.multiplyExact((long) rows, dtype.bytes(cols));
        long rounded = Math.ceilDiv(bytes, ALIGNMENT) * (long) ALIGNMENT;
        if (chunks.isEmpty() || used + rounded > chunks.getLast().byteSize()) {
            long last = chunks.isEmpty() ? FIRST_CHUNK_BYTES / 2 : chunks.getLast().byteSize();
            chunks.add(new Chunk(backend, Math.max(rounded, 2 * last)));
            used = 0;
        }
        Tensor tensor = new Tensor(dtype, rows, cols, cols, chunks.getLast().memory, used);
        used += rounded;
        return tensor;
    }

    /// One allocation with an arena of its own, so that it can be replaced.
    private static final class Chunk {
        final Arena arena = Arena.ofShared();
        final Memory memory;

        Chunk(Backend backend, long bytes) {
            int rows = Math.toIntExact(Math.ceilDiv(bytes, ALIGNMENT));
            memory = backend.allocate(arena, DType.I8, rows, ALIGNMENT).memory();
        }

        long byteSize() {
            return memory.byteSize();
        }
    }
}
