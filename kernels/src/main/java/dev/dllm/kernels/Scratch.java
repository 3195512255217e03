package dev.dllm.kernels;

import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/// Memory that ops of a backend use while they run: one part that all workers share, and one part for each. It grows
/// when an op needs more than any before and is kept, so a steady loop allocates nothing.
///
/// Not thread-safe; workers only read addresses that the calling thread has reserved.
final class Scratch implements AutoCloseable {
    private static final int ALIGNMENT = 64;
    /// Grows by at least this factor's share, so that slowly growing needs do not reallocate each time.
    private static final int GROWTH_SHIFT = 2;

    private final int workers;
    private @Nullable Arena arena;
    private long address;
    private long size;
    private long workerStart;
    private long workerBytes;

    Scratch(int workers) {
        this.workers = workers;
    }

    /// Makes room; what was in it before is lost.
    void reserve(long sharedBytes, long bytesPerWorker) {
        workerStart = aligned(sharedBytes);
        workerBytes = aligned(bytesPerWorker);
        long needed = Math.addExact(workerStart, Math.multiplyExact(workerBytes, (long) workers));
        if (needed > size) {
            close();
            Arena fresh = Arena.ofShared();
            long bytes = Math.addExact(needed, needed >> GROWTH_SHIFT);
            address = fresh.allocate(bytes, ALIGNMENT).address();
            size = bytes;
            arena = fresh;
        }
    }

    /// Start of the shared part.
    long shared() {
        return address;
    }

    /// Start of a worker's own part.
    long worker(int worker) {
        return address + workerStart + worker * workerBytes;
    }

    /// `bytes` rounded up, so that what follows starts on a cache line.
    static long aligned(long bytes) {
        return Math.addExact(bytes, ALIGNMENT - 1L) & -ALIGNMENT;
    }

    /// Frees the memory. A later [#reserve] allocates again.
    @Override
    public void close() {
        if (arena != null) {
            arena.close();
            arena = null;
            address = 0;
            size = 0;
        }
    }
}
