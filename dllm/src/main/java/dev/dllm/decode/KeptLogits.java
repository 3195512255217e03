package dev.dllm.decode;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The logits of a sequence's last call, for as long as its canvas stays as it was: a step that would ask the same again takes
/// them instead of the network. Not thread-safe.
///
/// @see "RADD, arXiv:2406.03736"
final class KeptLogits implements AutoCloseable {
    private @Nullable Arena arena;
    private @Nullable Tensor kept;
    private @Nullable Tensor copy;
    private @Nullable PlannedCall call;

    /// Keeps what the network said.
    ///
    /// @param logits `[call.logitsRows(), vocabulary]`, copied
    void keep(PlannedCall answered, Tensor logits, Backend backend) {
        if (kept == null || kept.rows() < logits.rows()) {
            close();
            arena = Arena.ofShared();
            kept = backend.allocate(arena, DType.F32, logits.rows(), logits.cols());
            copy = backend.allocate(arena, DType.F32, logits.rows(), logits.cols());
        }
        copy(logits, kept.rows(0, logits.rows()), backend);
        call = answered;
    }

    /// The canvas has changed.
    void forget() {
        call = null;
    }

    /// The logits that the network would return, if they are known; the caller may change them.
    Optional<Tensor> answer(PlannedCall asked, Backend backend) {
        if (call == null || kept == null || copy == null || !call.answers(asked)) {
            return Optional.empty();
        }
        int rows = asked.logitsRows();
        copy(kept.rows(0, rows), copy.rows(0, rows), backend);
        return Optional.of(copy.rows(0, rows));
    }

    private static void copy(Tensor from, Tensor to, Backend backend) {
        backend.ops().scatterRows(to, from, Indices.of(IntStream.range(0, from.rows()).toArray()));
    }

    /// Frees the memory. Idempotent.
    @Override
    public void close() {
        if (arena != null) {
            arena.close();
        }
        arena = null;
        kept = null;
        copy = null;
        call = null;
    }
}
