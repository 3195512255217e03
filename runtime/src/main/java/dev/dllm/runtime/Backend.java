package dev.dllm.runtime;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A device with memory and [Ops]. Found by name through [Backends].
///
/// A backend owns its workers or streams and scratch memory, not the tensors: those live as long as the arena that they
/// were allocated in.
///
/// Thread-safe: sessions share a backend. Ops of several threads take turns, one op at a time; an op that has begun is not
/// disturbed by the next one.
public interface Backend extends AutoCloseable {

    /// The name it is opened by: `cpu`.
    String name();

    /// One line on what was found and chosen: lanes, threads, device.
    String description();

    Ops ops();

    /// Whether `linear` and `experts` take weights of this type. Asked once, when a model is loaded.
    boolean multiplies(DType weight);

    /// A zeroed matrix that lives as long as `arena`.
    ///
    /// @throws OutOfMemoryError if there is no room
    Tensor allocate(Arena arena, DType dtype, int rows, int cols);

    /// The tensor where ops can read it: a copy that lives as long as `arena`, or `host` itself if they already can.
    Tensor upload(Arena arena, Tensor host);

    /// The weight in the form that multiplies fastest: a packed copy that lives as long as `arena`, or `weight` itself.
    Weight pack(Arena arena, Weight weight);

    /// Overwrites `dst` with host bytes: row after row, without gaps, `dst.byteSize()` of them. `src` has been consumed when
    /// this returns.
    void write(Tensor dst, MemorySegment src);

    /// Waits for pending work, then copies a tensor to host memory: row after row, without gaps.
    void download(MemorySegment dst, Tensor src);

    /// Waits for pending work, then copies an F32 tensor to arrays, one per row.
    default float[][] rows(Tensor src) {
        float[][] rows = new float[src.rows()][src.cols()];
        if (rows.length > 0) {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment host = arena.allocate(src.byteSize(), Float.BYTES);
                download(host, src);
                long rowBytes = DType.F32.bytes(src.cols());
                for (int i = 0; i < rows.length; i++) {
                    MemorySegment.copy(host, ValueLayout.JAVA_FLOAT, i * rowBytes, rows[i], 0, src.cols());
                }
            }
        }
        return rows;
    }

    /// Stops workers and frees scratch memory. Idempotent; ops throw `IllegalStateException` afterwards.
    @Override
    void close();
}
