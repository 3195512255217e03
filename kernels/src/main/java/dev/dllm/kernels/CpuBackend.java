package dev.dllm.kernels;

import dev.dllm.kernels.tier.Kernels;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Ops;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.ReentrantLock;

/// Host memory, a team of threads, and kernels.
///
/// Tensors of the host are used where they are. Ops may be called from several threads: one waits for the other, so
/// that sessions that share a backend are correct, though not faster.
final class CpuBackend implements Backend {
    static final String NAME = "cpu";

    /// A cache line, and the widest vector.
    private static final int ALIGNMENT = 64;

    /// Held while an op runs.
    private final ReentrantLock turn = new ReentrantLock();
    private final Engine engine;
    private final Packing packing;
    private final Ops ops;
    private boolean closed;

    CpuBackend(Kernels kernels, int threads) {
        engine = new Engine(kernels, threads);
        packing = new Packing(engine);
        ops = new CpuOps(this, engine);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String description() {
        int threads = engine.workers().size();
        return engine.kernels().description() + ", " + threads + (threads == 1 ? " thread" : " threads");
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
        return zeroed(arena, dtype, rows, cols);
    }

    @Override
    public Tensor upload(Arena arena, Tensor host) {
        return host;
    }

    @Override
    public Weight pack(Arena arena, Weight weight) {
        enter();
        try {
            return packing.pack(arena, weight);
        } finally {
            exit();
        }
    }

    @Override
    public void write(Tensor dst, MemorySegment src) {
        long rowBytes = dst.dtype().bytes(dst.cols());
        for (int row = 0; row < dst.rows(); row++) {
            MemorySegment.copy(src, row * rowBytes, dst.segment(), dst.offset(row, 0), rowBytes);
        }
    }

    @Override
    public void download(MemorySegment dst, Tensor src) {
        long rowBytes = src.dtype().bytes(src.cols());
        for (int row = 0; row < src.rows(); row++) {
            MemorySegment.copy(src.segment(), src.offset(row, 0), dst, row * rowBytes, rowBytes);
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            if (!closed) {
                closed = true;
                engine.close();
            }
        } finally {
            turn.unlock();
        }
    }

    /// Waits for this thread's turn; the same thread must [#exit].
    ///
    /// @throws IllegalStateException if the backend has been closed
    void enter() {
        turn.lock();
        if (closed) {
            turn.unlock();
            throw new IllegalStateException("the CPU backend has been closed");
        }
    }

    /// Ends what [#enter] began.
    void exit() {
        turn.unlock();
    }

    /// A zeroed matrix.
    static Tensor zeroed(Arena arena, DType dtype, int rows, int cols) {
        long bytes = Math.multiplyExact((long) rows, dtype.bytes(cols));
        return Tensor.of(dtype, rows, cols, arena.allocate(bytes, ALIGNMENT));
    }
}
