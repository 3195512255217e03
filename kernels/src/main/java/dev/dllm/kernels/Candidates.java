package dev.dllm.kernels;

import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.ProposalSpec;

/// The tokens of one row in descending order of logit, the lower id first where they are equal; sorted only as far as
/// somebody looks. `topK` and `topP` both keep a beginning of this order.
///
/// The array grows and is kept. Not thread-safe.
final class Candidates {
    private static final int SIGN = 0x80000000;

    /// A heap `[0, heaped)`, and behind it what has been taken, the largest at the end of `[0, size)`. A number is the
    /// logit's bits, turned so that they sort, above the complement of the id.
    private long[] entries = {};
    private int size;
    private int heaped;

    private float temperature;

    /// Forgets the row before and makes room for `capacity` tokens.
    ///
    /// @param temperature 0 counts as 1
    void start(int capacity, float temperature) {
        if (entries.length < capacity) {
            entries = new long[capacity];
        }
        size = 0;
        this.temperature = temperature == 0 ? 1 : temperature;
    }

    /// Adds the tokens `[from, to)` of a row of logits, all but those at −∞.
    void add(long logits, int from, int to) {
        for (int id = from; id < to; id++) {
            float logit = Native.f32(logits + id * 4L);
            if (logit > Float.NEGATIVE_INFINITY) {
                entries[size++] = entry(logit, id);
            }
        }
    }

    /// How many tokens from the front the filters leave.
    ///
    /// @param total sum of the [#weight]s of all tokens; read only if `topP` acts on all of them
    int keep(ProposalSpec spec, double total) {
        heaped = size;
        for (int i = size / 2 - 1; i >= 0; i--) {
            sink(i);
        }
        return switch (spec.filters()) {
            case TOP_K_FIRST -> {
                int kept = topK(spec.topK(), size);
                yield topP(spec.topP(), kept, kept < size ? weights(kept) : total);
            }
            case TOP_P_FIRST -> topK(spec.topK(), topP(spec.topP(), size, total));
        };
    }

    /// The `i`-th token.
    int id(int i) {
        return ~(int) at(i);
    }

    /// Its logit.
    float logit(int i) {
        int turned = (int) (at(i) >> 32);
        return Float.intBitsToFloat(turned < 0 ? ~(turned ^ SIGN) : turned);
    }

    /// ln of the ratio of its probability to that of another.
    double exponent(int i, int other) {
        return ((double) logit(i) - logit(other)) / temperature;
    }

    /// Its probability times a constant: 1 for the first.
    private double weight(int i) {
        return Math.exp(exponent(i, 0));
    }

    private int topK(int k, int kept) {
        if (k == 0 || k >= kept) {
            return kept;
        }
        int end = k;
        while (end < kept && logit(end) == logit(k - 1)) {
            end++;
        }
        return end;
    }

    private int topP(float p, int kept, double total) {
        if (p == 1) {
            return kept;
        }
        double before = 0;
        int end = 0;
        while (end < kept && before <= p) {
            before += weight(end) / total;
            end++;
        }
        return end;
    }

    private double weights(int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weight(i);
        }
        return sum;
    }

    /// Adding 0 makes −0 and 0 equal.
    private static long entry(float logit, int id) {
        int bits = Float.floatToRawIntBits(logit + 0f);
        int turned = bits < 0 ? ~bits ^ SIGN : bits;
        return (long) turned << 32 | ~id & 0xffffffffL;
    }

    private long at(int i) {
        int place = size - 1 - i;
        while (heaped > place) {
            heaped--;
            long taken = entries[0];
            entries[0] = entries[heaped];
            entries[heaped] = taken;
            sink(0);
        }
        return entries[place];
    }

    private void sink(int i) {
        long sinking = entries[i];
        for (int child = 2 * i + 1; child < heaped; child = 2 * i + 1) {
            if (child + 1 < heaped && entries[child + 1] > entries[child]) {
                child++;
            }
            if (entries[child] <= sinking) {
                break;
            }
            entries[i] = entries[child];
            i = child;
        }
        entries[i] = sinking;
    }
}
