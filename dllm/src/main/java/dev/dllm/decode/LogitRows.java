package dev.dllm.decode;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The logits of one call, for rules that need more than proposals. They come off the device when somebody asks. Valid until
/// the next call. Not thread-safe.
public final class LogitRows {
    private final Tensor logits;
    private final Backend backend;
    private final int[] suppressed;
    private final int[] selected;
    private float @Nullable [][] rows;

    /// @param suppressed ids that cannot be proposed: their logits read as −∞
    LogitRows(Tensor logits, Backend backend, int... suppressed) {
        this(logits, backend, suppressed, IntStream.range(0, logits.rows()).toArray());
    }

    private LogitRows(Tensor logits, Backend backend, int[] suppressed, int[] selected) {
        this.logits = logits;
        this.backend = backend;
        this.suppressed = suppressed;
        this.selected = selected;
    }

    /// Some of these rows.
    LogitRows only(int[] indices) {
        LogitRows some = new LogitRows(logits, backend, suppressed, Arrays.stream(indices).map(i -> selected[i]).toArray());
        some.rows = rows;
        return some;
    }

    /// One row, as long as the vocabulary. A hook may change it; others must not.
    public float[] row(int i) {
        if (rows == null) {
            rows = backend.rows(logits);
            for (float[] row : rows) {
                for (int id : suppressed) {
                    row[id] = Float.NEGATIVE_INFINITY;
                }
            }
        }
        return rows[selected[i]];
    }

    /// Probability of a token, from the logits as they are.
    double probability(int i, int token) {
        float[] row = row(i);
        double total = 0;
        for (float logit : row) {
            total += Math.exp((double) logit - row[token]);
        }
        return 1 / total;
    }

    /// Puts the rows back where they came from, if somebody has asked for them.
    void upload() {
        if (rows == null) {
            return;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment host = arena.allocate(logits.byteSize(), Float.BYTES);
            long rowBytes = DType.F32.bytes(logits.cols());
            for (int i = 0; i < rows.length; i++) {
                MemorySegment.copy(rows[i], 0, host, ValueLayout.JAVA_FLOAT, i * rowBytes, logits.cols());
            }
            backend.write(logits, host);
        }
    }
}
