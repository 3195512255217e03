package dev.dllm.kernels;

import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `propose`: the two largest logits of a row and one pass of exponentials; a sorted view only where filters ask for
/// it.
///
/// Suppressed tokens are stepped over: everything works on the runs of ids between them.
final class Propose extends RowOp {
    private static final long SUMS_BYTES = 2L * Kernels.PARTIALS * Double.BYTES;

    private final View logits = new View();
    private @Nullable Proposals out;
    private @Nullable ProposalSpec spec;
    private long @Nullable [] keys;
    private int vocabulary;
    private boolean filtered;
    /// The suppressed ids in ascending order.
    private int[] suppressed = {};
    private int suppressedCount;
    /// Factor on the logits before the softmax over all tokens.
    private float sharpness;

    private final Candidates[] candidates;
    private final GumbelMax[] samplers;

    Propose(Engine engine) {
        super(engine);
        int workers = engine.workers().size();
        candidates = new Candidates[workers];
        samplers = new GumbelMax[workers];
        Arrays.setAll(candidates, _ -> new Candidates());
        Arrays.setAll(samplers, _ -> new GumbelMax());
    }

    /// @see dev.dllm.runtime.Ops#propose
    void propose(Proposals out, Tensor logits, ProposalSpec spec, long[] keys) {
        this.out = out;
        this.logits.set(logits);
        this.spec = spec;
        this.keys = keys;
        vocabulary = logits.cols();
        filtered = spec.topK() > 0 && spec.topK() < vocabulary || spec.topP() < 1;
        boolean tempered = spec.temperature() > 0 && spec.confidence() == ConfidenceFrom.FILTERED;
        sharpness = tempered ? Math.min(1 / spec.temperature(), Float.MAX_VALUE) : 1;
        suppressedCount = spec.suppressed().length;
        if (suppressed.length < suppressedCount) {
            suppressed = new int[suppressedCount];
        }
        System.arraycopy(spec.suppressed(), 0, suppressed, 0, suppressedCount);
        Arrays.sort(suppressed, 0, suppressedCount);
        engine.scratch().reserve(0, SUMS_BYTES);
        overRows(logits.rows(), 8L * vocabulary);
    }

    @Override
    void row(int row, int worker) {
        ProposalSpec spec = Objects.requireNonNull(this.spec);
        long x = logits.row(row);
        float largest = largest(x, -1);
        if (!(largest > Float.NEGATIVE_INFINITY)) {
            put(row, 0, Double.NaN, Double.NaN, Double.NaN);
            return;
        }
        int top = indexOf(x, largest);
        if (!filtered) {
            int token = spec.temperature() == 0 ? top : sample(row, worker, x, top);
            confidenceOfAll(row, token, x, top, largest, worker);
            return;
        }
        Candidates sorted = candidates[worker];
        int kept = filter(sorted, x, largest, worker);
        int token = spec.temperature() == 0 ? top : sample(row, worker, sorted, kept);
        switch (spec.confidence()) {
            case RAW -> confidenceOfAll(row, token, x, top, largest, worker);
            case FILTERED -> confidenceOfKept(row, token, x, sorted, kept, largest);
        }
    }

    /// The largest logit, `but` left out; NaN if there is a NaN or +∞.
    private float largest(long x, int but) {
        Kernels kernels = engine.kernels();
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i <= suppressedCount; i++) {
            int from = from(i);
            int to = to(i);
            int middle = from <= but && but < to ? but : to;
            float first = kernels.max(x + from * 4L, middle - from);
            float second = middle == to ? first : kernels.max(x + (middle + 1) * 4L, to - middle - 1);
            if (Float.isNaN(first) || Float.isNaN(second)) {
                return Float.NaN;
            }
            largest = Math.max(largest, Math.max(first, second));
        }
        return largest;
    }

    private int indexOf(long x, float logit) {
        for (int i = 0; i <= suppressedCount; i++) {
            int index = engine.kernels().indexOf(x + from(i) * 4L, to(i) - from(i), logit);
            if (index >= 0) {
                return from(i) + index;
            }
        }
        throw new AssertionError("a largest logit that is nowhere");
    }

    /// A sample from all tokens that are not suppressed; the likeliest goes first, so that the bound bites.
    private int sample(int row, int worker, long x, int top) {
        GumbelMax sampler = sampler(row, worker);
        sampler.offer(top, Native.f32(x + top * 4L));
        for (int i = 0; i <= suppressedCount; i++) {
            for (int id = from(i); id < to(i); id++) {
                sampler.offer(id, Native.f32(x + id * 4L));
            }
        }
        return sampler.token();
    }

    private int sample(int row, int worker, Candidates sorted, int kept) {
        GumbelMax sampler = sampler(row, worker);
        for (int i = 0; i < kept; i++) {
            sampler.offer(sorted.id(i), sorted.logit(i));
        }
        return sampler.token();
    }

    private GumbelMax sampler(int row, int worker) {
        GumbelMax sampler = samplers[worker];
        sampler.start(Objects.requireNonNull(keys)[row], Objects.requireNonNull(spec).temperature());
        return sampler;
    }

    private int filter(Candidates sorted, long x, float largest, int worker) {
        ProposalSpec spec = Objects.requireNonNull(this.spec);
        sorted.start(vocabulary, spec.temperature(), largest);
        for (int i = 0; i <= suppressedCount; i++) {
            sorted.add(x, from(i), to(i));
        }
        float factor = spec.temperature() == 0 ? 1 : Math.min(1 / spec.temperature(), Float.MAX_VALUE);
        double total = 0;
        if (spec.topP() < 1) {
            expSums(x, largest, factor, worker);
            total = total(worker, 0);
        }
        return sorted.keep(spec, total);
    }

    private void confidenceOfAll(int row, int token, long x, int top, float largest, int worker) {
        expSums(x, largest, sharpness, worker);
        double sum = total(worker, 0);
        double exponents = total(worker, Kernels.PARTIALS);
        double runnerUp = Math.exp(((double) largest(x, top) - largest) * sharpness);
        double chosen = Math.exp(((double) Native.f32(x + token * 4L) - largest) * sharpness);
        put(row, token, chosen / sum, (1 - runnerUp) / sum, exponents / sum - Math.log(sum));
    }

    private void confidenceOfKept(int row, int token, long x, Candidates sorted, int kept, float largest) {
        double sum = 0;
        double exponents = 0;
        for (int i = 0; i < kept; i++) {
            double weight = sorted.weight(i);
            sum += weight;
            exponents += weight * sorted.exponent(i);
        }
        double runnerUp = kept > 1 ? sorted.weight(1) : 0;
        double chosen = Math.exp(((double) Native.f32(x + token * 4L) - largest) * sharpness);
        put(row, token, chosen / sum, (1 - runnerUp) / sum, exponents / sum - Math.log(sum));
    }

    /// Leaves the partial sums of the exponentials, and of their products with their arguments, in the worker's
    /// scratch.
    private void expSums(long x, float largest, float factor, int worker) {
        long sums = engine.scratch().worker(worker);
        Native.zero(sums, SUMS_BYTES / 4);
        for (int i = 0; i <= suppressedCount; i++) {
            engine.kernels().expSums(x + from(i) * 4L, to(i) - from(i), largest, factor, sums,
                    engine.kernelScratch(worker));
        }
    }

    private double total(int worker, int first) {
        long sums = engine.scratch().worker(worker);
        double sum = 0;
        for (int i = first; i < first + Kernels.PARTIALS; i++) {
            sum += Native.f64(sums + i * 8L);
        }
        return sum;
    }

    private void put(int row, int token, double probability, double margin, double negativeEntropy) {
        Proposals out = Objects.requireNonNull(this.out);
        out.tokens[row] = token;
        out.probability[row] = (float) probability;
        out.margin[row] = (float) margin;
        out.negativeEntropy[row] = (float) negativeEntropy;
    }

    /// Start of the `i`-th run of ids between suppressed ones; runs may be empty.
    private int from(int i) {
        return i == 0 ? 0 : suppressed[i - 1] + 1;
    }

    /// End of the `i`-th run, not before its start even where an id is suppressed twice.
    private int to(int i) {
        return i == suppressedCount ? vocabulary : Math.max(suppressed[i], from(i));
    }
}
