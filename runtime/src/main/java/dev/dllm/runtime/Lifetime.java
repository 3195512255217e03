package dev.dllm.runtime;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// An arena that is not closed while work uses its memory. Kernels work on plain addresses, so the owner of weights or
/// caches lets every piece of work [#enter] and [#exit]; [#close] turns new work away, waits for the running one and frees.
///
/// Thread-safe.
public final class Lifetime implements AutoCloseable {
    private final String what;
    private final Arena arena = Arena.ofShared();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    /// @param what what error messages call the owner: `the model`
    public Lifetime(String what) {
        this.what = what;
    }

    /// Where the owner allocates.
    public Arena arena() {
        return arena;
    }

    /// Starts using the memory; the same thread must call [#exit] afterwards.
    ///
    /// @throws IllegalStateException if the owner has been closed
    public void enter() {
        lock.readLock().lock();
        if (closed) {
            lock.readLock().unlock();
            throw new IllegalStateException(what + " has been closed");
        }
    }

    /// Ends what [#enter] began.
    public void exit() {
        lock.readLock().unlock();
    }

    /// Waits until nobody uses the memory, then frees it. Idempotent.
    ///
    /// @throws IllegalStateException if called from inside a use, which could never end
    @Override
    public void close() {
        if (lock.getReadHoldCount() > 0) {
            throw new IllegalStateException(what + " cannot be closed by the work that is using it");
        }
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                arena.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
