package dev.dllm.kernels;

import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.Proposals;
import dev.dllm.runtime.Tensor;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `propose`: the two largest logits of a row and one pass of exponentials; a sorted view only where filters ask for
/// it, and they do where they can change the sample or the confidences.
final class Propose extends RowOp {
    private static final long SUMS_BYTES = 2L * Kernels.PARTIALS * Double.BYTES;
    private static final int[] NONE = {};

    private final View logits = new View();
    private @Nullable Proposals out;
    private @Nullable ProposalSpec spec;
    private long @Nullable [] keys;
    private int vocabulary;
    private boolean filtered;
    /// What can be proposed: not the suppressed ids.
    private final Runs possible = new Runs();
    /// What confidences are taken from: neither the suppressed nor the unsure ids.
    private final Runs sure = new Runs();
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
        boolean filters = spec.topK() > 0 && spec.topK() < vocabulary || spec.topP() < 1;
        filtered = filters && (spec.draw() == Draw.SAMPLE || spec.confidence() == ConfidenceFrom.FILTERED);
        boolean tempered = spec.temperature() > 0 && spec.confidence() == ConfidenceFrom.FILTERED;
        sharpness = tempered ? Math.min(1 / spec.temperature(), Float.MAX_VALUE) : 1;
        possible.set(vocabulary, spec.suppressed(), NONE);
        sure.set(vocabulary, spec.suppressed(), spec.unsure());
        engine.scratch().reserve(0, SUMS_BYTES);
        overRows(logits.rows(), 8L * vocabulary);
    }

    @Override
    void row(int row, int worker) {
        ProposalSpec spec = Objects.requireNonNull(this.spec);
        long x = logits.row(row);
        float largest = largest(possible, x, -1);
        if (!(largest > Float.NEGATIVE_INFINITY)) {
            int token = spec.draw() == Draw.GIVEN ? given(row) : 0;
            put(row, token, Double.NaN, Double.NaN, Double.NaN);
            return;
        }
        int top = indexOf(possible, x, largest);
        Candidates sorted = candidates[worker];
        int kept = filtered ? filter(sorted, x, largest, worker) : 0;
        int token = switch (spec.draw()) {
            case ARGMAX -> top;
            case SAMPLE -> filtered ? sample(row, worker, sorted, kept) : sample(row, worker, x, top);
            case GIVEN -> given(row);
        };
        if (filtered && spec.confidence() == ConfidenceFrom.FILTERED) {
            confidenceOfKept(row, token, sorted, kept);
        } else if (sure.contains(top)) {
            confidenceOfAll(row, token, x, top, largest, worker);
        } else {
            float next = largest(sure, x, -1);
            if (next > Float.NEGATIVE_INFINITY) {
                confidenceOfAll(row, token, x, indexOf(sure, x, next), next, worker);
            } else {
                put(row, token, 0, 0, 0);
            }
        }
    }

    /// The largest logit of some, `but` left out; NaN if there is a NaN or +∞.
    private float largest(Runs runs, long x, int but) {
        Kernels kernels = engine.kernels();
        float largest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < runs.count(); i++) {
            int from = runs.from(i);
            int to = runs.to(i);
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

    private int indexOf(Runs runs, long x, float logit) {
        for (int i = 0; i < runs.count(); i++) {
            int from = runs.from(i);
            int index = engine.kernels().indexOf(x + from * 4L, runs.to(i) - from, logit);
            if (index >= 0) {
                return from + index;
            }
        }
        throw new AssertionError("a largest logit that is nowhere");
    }

    /// A sample from all tokens that are not suppressed; the likeliest goes first, so that the bound bites.
    private int sample(int row, int worker, long x, int top) {
        GumbelMax sampler = sampler(row, worker);
        sampler.offer(top, Native.f32(x + top * 4L));
        for (int i = 0; i < possible.count(); i++) {
            int to = possible.to(i);
            for (int id = possible.from(i); id < to; id++) {
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
        sorted.start(vocabulary, spec.temperature());
        for (int i = 0; i < possible.count(); i++) {
            sorted.add(x, possible.from(i), possible.to(i));
        }
        float factor = spec.temperature() == 0 ? 1 : Math.min(1 / spec.temperature(), Float.MAX_VALUE);
        double total = 0;
        if (spec.topP() < 1) {
            expSums(possible, x, largest, factor, worker);
            total = total(worker, 0);
        }
        return sorted.keep(spec, total);
    }

    /// @param top     the likeliest of the sure tokens
    /// @param largest its logit
    private void confidenceOfAll(int row, int token, long x, int top, float largest, int worker) {
        expSums(sure, x, largest, sharpness, worker);
        double sum = total(worker, 0);
        double exponents = total(worker, Kernels.PARTIALS);
        double runnerUp = Math.exp(((double) largest(sure, x, top) - largest) * sharpness);
        double chosen = sure.contains(token)
                ? Math.exp(((double) Native.f32(x + token * 4L) - largest) * sharpness)
                : 0;
        put(row, token, chosen / sum, (1 - runnerUp) / sum, exponents / sum - Math.log(sum));
    }

    private void confidenceOfKept(int row, int token, Candidates sorted, int kept) {
        int top = nextSure(sorted, 0, kept);
        if (top == kept) {
            put(row, token, 0, 0, 0);
            return;
        }
        double sum = 0;
        double exponents = 0;
        double chosen = 0;
        for (int i = top; i < kept; i = nextSure(sorted, i + 1, kept)) {
            double exponent = sorted.exponent(i, top);
            double weight = Math.exp(exponent);
            sum += weight;
            exponents += weight * exponent;
            if (sorted.id(i) == token) {
                chosen = weight;
            }
        }
        int second = nextSure(sorted, top + 1, kept);
        double runnerUp = second < kept ? Math.exp(sorted.exponent(second, top)) : 0;
        put(row, token, chosen / sum, (1 - runnerUp) / sum, exponents / sum - Math.log(sum));
    }

    /// The first sure token from the `i`-th on, or `kept`.
    private int nextSure(Candidates sorted, int i, int kept) {
        while (i < kept && !sure.contains(sorted.id(i))) {
            i++;
        }
        return i;
    }

    /// Leaves the partial sums of the exponentials, and of their products with their arguments, in the worker's
    /// scratch.
    private void expSums(Runs runs, long x, float largest, float factor, int worker) {
        long sums = engine.scratch().worker(worker);
        Native.zero(sums, SUMS_BYTES / 4);
        for (int i = 0; i < runs.count(); i++) {
            int from = runs.from(i);
            engine.kernels().expSums(x + from * 4L, runs.to(i) - from, largest, factor, sums,
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

    private int given(int row) {
        return Objects.requireNonNull(out).tokens[row];
    }

    private void put(int row, int token, double probability, double margin, double negativeEntropy) {
        Proposals out = Objects.requireNonNull(this.out);
        out.tokens[row] = token;
        out.probability[row] = (float) probability;
        out.margin[row] = (float) margin;
        out.negativeEntropy[row] = (float) negativeEntropy;
    }
}
