package dev.dllm.score;

import dev.dllm.model.NonFiniteLogitsException;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Reads log-probabilities out of the logits of a call, row by row, in float64: float32 logits of a vocabulary of 100,000
/// lose digits in a float32 sum that a score over hundreds of tokens shows. Not thread-safe.
final class LogProbabilities implements AutoCloseable {
    private final Backend backend;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment host;
    private final float[] row;

    LogProbabilities(Backend backend, int vocabulary) {
        this.backend = backend;
        this.host = arena.allocate(ValueLayout.JAVA_FLOAT, vocabulary);
        this.row = new float[vocabulary];
    }

    /// The natural logarithm of a token's probability.
    ///
    /// @param logits `[1, vocabulary]`
    double of(Tensor logits, int token) {
        backend.download(host, logits);
        MemorySegment.copy(host, ValueLayout.JAVA_FLOAT, 0, row, 0, row.length);
        float max = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp((double) logit - max);
        }
        double logProbability = (double) row[token] - max - Math.log(sum);
        if (Double.isNaN(logProbability)) {
            throw new NonFiniteLogitsException("logits of a scored token are not finite: the checkpoint holds NaN or "
                    + "infinite weights, or the computation overflowed");
        }
        return logProbability;
    }

    @Override
    public void close() {
        arena.close();
    }
}
