package dev.dllm.kernels;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A fixed team of threads that take the chunks of one region at a time; the thread that calls takes part.
///
/// A forward has hundreds of regions, many of them microseconds long, so an idle worker spins for a while before it
/// parks, and a region waits for the chunks that have been taken, never for a worker that has not come. Nothing is
/// allocated.
///
/// One thread at a time may call; [CpuBackend] sees to that.
final class Workers implements AutoCloseable {

    /// The work of a region.
    interface Body {
        /// Does one chunk.
        ///
        /// @param chunk  in `[0, chunks)`, each once, in any order, on any thread
        /// @param worker in `[0, size)`, the thread that does it: what it may use as its own during the call
        void run(int chunk, int worker);
    }

    /// About a millisecond.
    private static final int SPINS = 20_000;
    /// When threads share processors, spinning takes time from those that work.
    private static final int SPINS_OVERSUBSCRIBED = 100;

    private final int spins;
    private final Thread[] team;
    /// Whether a member of the team is parked or about to be.
    private final AtomicInteger[] parked;
    /// Number of the region in the upper half, how many of its chunks nobody has taken yet in the lower. One word, so
    /// that a worker that comes late cannot take a chunk of a region that it has not seen.
    private final AtomicLong state = new AtomicLong();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private int chunks;
    private @Nullable Body body;
    private volatile @Nullable Thread waiting;
    private volatile boolean closed;

    /// @param size threads that work, the calling one included
    Workers(int size) {
        spins = size <= Runtime.getRuntime().availableProcessors() ? SPINS : SPINS_OVERSUBSCRIBED;
        team = new Thread[size - 1];
        parked = new AtomicInteger[team.length];
        for (int i = 0; i < team.length; i++) {
            int worker = i + 1;
            parked[i] = new AtomicInteger();
            team[i] = Thread.ofPlatform().daemon().name("dllm-worker-" + worker).unstarted(() -> serve(worker));
        }
        for (Thread thread : team) {
            thread.start();
        }
    }

    /// Threads that work, the calling one included.
    int size() {
        return team.length + 1;
    }

    /// Runs all chunks and waits for them. A single chunk runs on the calling thread without waking anyone.
    ///
    /// What a chunk throws is thrown here, the first of several, after all chunks have ended.
    void parallelFor(int chunks, Body body) {
        if (closed) {
            throw new IllegalStateException("the CPU backend has been closed");
        }
        if (chunks <= 1 || team.length == 0) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                body.run(chunk, 0);
            }
            return;
        }
        this.chunks = chunks;
        this.body = body;
        done.setPlain(0);
        state.set((state.getPlain() >>> 32) + 1 << 32 | chunks);
        wake(Math.min(team.length, chunks - 1));
        takeChunks(0);
        await(chunks);
        Throwable thrown = failure.get();
        if (thrown != null) {
            failure.set(null);
            throw unchecked(thrown);
        }
    }

    /// Ends the team. Idempotent.
    @Override
    public void close() {
        closed = true;
        for (Thread thread : team) {
            LockSupport.unpark(thread);
        }
    }

    private void wake(int most) {
        for (int i = 0; i < most; i++) {
            if (parked[i].get() != 0) {
                LockSupport.unpark(team[i]);
            }
        }
    }

    private void await(int chunks) {
        for (int spin = 0; done.get() != chunks; spin++) {
            if (spin < spins) {
                Thread.onSpinWait();
            } else {
                waiting = Thread.currentThread();
                if (done.get() != chunks) {
                    LockSupport.park(this);
                }
                waiting = null;
            }
        }
    }

    /// Takes chunks of the present region until none is left.
    private void takeChunks(int worker) {
        while (true) {
            long seen = state.get();
            int open = (int) seen;
            if (open == 0) {
                return;
            }
            int end = chunks;
            Body work = Objects.requireNonNull(body);
            // If this succeeds, a chunk was open until now, so the region had not ended, and `end` and `work` are its
            // own.
            if (state.compareAndSet(seen, seen - 1)) {
                runChunk(work, end - open, worker);
                if (done.incrementAndGet() == end) {
                    Thread caller = waiting;
                    if (caller != null) {
                        LockSupport.unpark(caller);
                    }
                }
            }
        }
    }

    private void runChunk(Body work, int chunk, int worker) {
        try {
            work.run(chunk, worker);
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        }
    }

    private void serve(int worker) {
        long region = 0;
        int spin = 0;
        while (!closed) {
            long current = state.get() >>> 32;
            if (current != region) {
                region = current;
                takeChunks(worker);
                spin = 0;
            } else if (spin < spins) {
                spin++;
                Thread.onSpinWait();
            } else {
                AtomicInteger flag = parked[worker - 1];
                flag.set(1);
                if (state.get() >>> 32 == region && !closed) {
                    LockSupport.park(this);
                }
                flag.set(0);
                Thread.interrupted();
                spin = 0;
            }
        }
    }

    private static RuntimeException unchecked(Throwable thrown) {
        return switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new IllegalStateException(thrown);
        };
    }
}
