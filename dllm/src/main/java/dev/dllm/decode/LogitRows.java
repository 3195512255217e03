package dev.dllm.decode;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The logits of one call, for rules that need more than proposals; those of tokens that cannot be proposed are −∞. They come
/// off the device when somebody asks. Valid until the next call. Not thread-safe.
public final class LogitRows {
    private final Tensor logits;
    private final Backend backend;
    private final ProposalSpec spec;
    private final int[] selected;
    private float @Nullable [][] rows;

    /// @param spec how tokens are proposed from the rows; logits of the ids that it suppresses read as −∞
    LogitRows(Tensor logits, Backend backend, ProposalSpec spec) {
        this(logits, backend, spec, IntStream.range(0, logits.rows()).toArray());
    }

    private LogitRows(Tensor logits, Backend backend, ProposalSpec spec, int[] selected) {
        this.logits = logits;
        this.backend = backend;
        this.spec = spec;
        this.selected = selected;
    }

    /// Some of these rows.
    LogitRows only(int[] indices) {
        LogitRows some = new LogitRows(logits, backend, spec, Arrays.stream(indices).map(i -> selected[i]).toArray());
        some.rows = rows;
        return some;
    }

    /// One row, as long as the vocabulary. A hook may change it; others must not.
    public float[] row(int i) {
        if (rows == null) {
            rows = backend.rows(logits);
            for (float[] row : rows) {
                for (int id : spec.suppressed()) {
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

    /// The logarithm of the sum of e to the power of each logit.
    static double logTotal(float[] row) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : row) {
            largest = Math.max(largest, logit);
        }
        double total = 0;
        for (float logit : row) {
            total += Math.exp((double) logit - largest);
        }
        return largest + Math.log(total);
    }

    /// Another token for each row, proposed as that of the call was, and the probability that it is drawn with: temperature and filters
    /// count, whatever confidences are taken from.
    ///
    /// @param keys of the noise, one per row
    Proposals drawn(long[] keys) {
        return proposed(spec.draw(), new int[selected.length], keys);
    }

    /// A token for each row, and the probability that it is drawn with, as [#drawn] has it.
    Proposals given(int[] tokens) {
        return proposed(ProposalSpec.Draw.GIVEN, tokens, new long[selected.length]);
    }

    private Proposals proposed(ProposalSpec.Draw draw, int[] tokens, long[] keys) {
        Proposals all = new Proposals(logits.rows());
        long[] allKeys = new long[logits.rows()];
        for (int i = 0; i < selected.length; i++) {
            all.tokens[selected[i]] = tokens[i];
            allKeys[selected[i]] = keys[i];
        }
        ProposalSpec asked = new ProposalSpec(
                spec.temperature(), spec.topK(), spec.topP(), spec.filters(), ProposalSpec.ConfidenceFrom.FILTERED, draw,
                spec.suppressed(), new int[0]);
        backend.ops().propose(all, logits, asked, allKeys);
        return all.only(selected);
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
