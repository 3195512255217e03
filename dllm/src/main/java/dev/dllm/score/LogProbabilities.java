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
    private final double[] row;

    LogProbabilities(Backend backend, int vocabulary) {
        this.backend = backend;
        this.host = arena.allocate(ValueLayout.JAVA_FLOAT, vocabulary);
        this.row = new double[vocabulary];
    }

    /// The natural logarithm of a token's probability.
    ///
    /// @param logits `[1, vocabulary]`
    double of(Tensor logits, int token) {
        read(logits);
        return logSoftmax(token);
    }

    /// The same under guidance.
    ///
    /// @param conditional   `[1, vocabulary]`
    /// @param unconditional `[1, vocabulary]`
    double guided(Tensor conditional, Tensor unconditional, double scale, int token) {
        read(conditional);
        backend.download(host, unconditional);
        for (int i = 0; i < row.length; i++) {
            double u = host.getAtIndex(ValueLayout.JAVA_FLOAT, i);
            row[i] = u + (scale + 1) * (row[i] - u);
        }
        return logSoftmax(token);
    }

    private void read(Tensor logits) {
        backend.download(host, logits);
        for (int i = 0; i < row.length; i++) {
            row[i] = host.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
    }

    private double logSoftmax(int token) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : row) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (double logit : row) {
            sum += Math.exp(logit - max);
        }
        double logProbability = row[token] - max - Math.log(sum);
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
