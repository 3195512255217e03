package dev.dllm.runtime.contract;

import dev.dllm.runtime.Noise;
import dev.dllm.runtime.ProposalSpec;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The steps of [ProposalSpec] for one row, in float64.
record ReferenceProposal(int token, double probability, double margin, double negativeEntropy) {

    static ReferenceProposal of(double[] logits, ProposalSpec spec, long key) {
        double[] raw = logits.clone();
        for (int id : spec.suppressed()) {
            raw[id] = Double.NEGATIVE_INFINITY;
        }
        if (!usable(raw)) {
            return new ReferenceProposal(0, Double.NaN, Double.NaN, Double.NaN);
        }
        double[] filtered = raw.clone();
        if (spec.temperature() > 0) {
            Arrays.setAll(filtered, v -> raw[v] / spec.temperature());
        }
        switch (spec.filters()) {
            case TOP_K_FIRST -> {
                keepTopK(filtered, spec.topK());
                keepTopP(filtered, spec.topP());
            }
            case TOP_P_FIRST -> {
                keepTopP(filtered, spec.topP());
                keepTopK(filtered, spec.topK());
            }
        }
        double[] noisy = filtered.clone();
        if (spec.temperature() > 0) {
            Arrays.setAll(noisy, v -> filtered[v] + Noise.gumbel(key, v));
        }
        return confidence(argMax(noisy), switch (spec.confidence()) {
            case FILTERED -> Doubles.softmax(filtered);
            case RAW -> Doubles.softmax(raw);
        });
    }

    private static ReferenceProposal confidence(int token, double[] p) {
        double[] ascending = p.clone();
        Arrays.sort(ascending);
        double second = p.length > 1 ? ascending[p.length - 2] : 0;
        double negativeEntropy = Arrays.stream(p).map(x -> x == 0 ? 0 : x * Math.log(x)).sum();
        return new ReferenceProposal(token, p[token], ascending[p.length - 1] - second, negativeEntropy);
    }

    /// Whether the row has a softmax: no NaN, no +∞, something finite.
    private static boolean usable(double[] logits) {
        boolean broken = Arrays.stream(logits).anyMatch(z -> Double.isNaN(z) || z == Double.POSITIVE_INFINITY);
        return !broken && Arrays.stream(logits).anyMatch(Double::isFinite);
    }

    /// Drops what is smaller than the k-th largest.
    private static void keepTopK(double[] logits, int k) {
        if (k == 0 || k >= logits.length) {
            return;
        }
        double[] ascending = logits.clone();
        Arrays.sort(ascending);
        double smallest = ascending[logits.length - k];
        Arrays.setAll(logits, v -> logits[v] >= smallest ? logits[v] : Double.NEGATIVE_INFINITY);
    }

    /// Drops each token before which, in descending order, more than `limit` has been summed up.
    private static void keepTopP(double[] logits, double limit) {
        if (limit == 1) {
            return;
        }
        double[] p = Doubles.softmax(logits);
        int[] descending = IntStream.range(0, p.length).boxed()
                .sorted(Comparator.comparingDouble((Integer v) -> -p[v]))
                .mapToInt(Integer::intValue)
                .toArray();
        double before = 0;
        for (int v : descending) {
            if (before > limit) {
                logits[v] = Double.NEGATIVE_INFINITY;
            }
            before += p[v];
        }
    }

    private static int argMax(double[] values) {
        int best = 0;
        for (int v = 1; v < values.length; v++) {
            if (values[v] > values[best]) {
                best = v;
            }
        }
        return best;
    }
}
