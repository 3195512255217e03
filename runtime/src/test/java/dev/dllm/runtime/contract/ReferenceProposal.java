package dev.dllm.runtime.contract;

import dev.dllm.runtime.Noise;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.ProposalSpec.Draw;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// The steps of [ProposalSpec] for one row, in float64.
record ReferenceProposal(int token, double probability, double margin, double negativeEntropy) {

    /// @param given the token if the spec says that it is given
    static ReferenceProposal of(double[] logits, ProposalSpec spec, long key, int given) {
        double[] raw = logits.clone();
        drop(raw, spec.suppressed());
        if (!usable(raw)) {
            int token = spec.draw() == Draw.GIVEN ? given : 0;
            return new ReferenceProposal(token, Double.NaN, Double.NaN, Double.NaN);
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
        int token = switch (spec.draw()) {
            case ARGMAX -> argMax(filtered);
            case SAMPLE -> {
                double[] noisy = filtered.clone();
                Arrays.setAll(noisy, v -> filtered[v] + Noise.gumbel(key, v));
                yield argMax(noisy);
            }
            case GIVEN -> given;
        };
        double[] sure = switch (spec.confidence()) {
            case FILTERED -> filtered;
            case RAW -> raw;
        };
        drop(sure, spec.unsure());
        return usable(sure) ? confidence(token, Doubles.softmax(sure)) : new ReferenceProposal(token, 0, 0, 0);
    }

    private static ReferenceProposal confidence(int token, double[] p) {
        double[] ascending = p.clone();
        Arrays.sort(ascending);
        double second = p.length > 1 ? ascending[p.length - 2] : 0;
        double negativeEntropy = Arrays.stream(p).map(x -> x == 0 ? 0 : x * Math.log(x)).sum();
        return new ReferenceProposal(token, p[token], ascending[p.length - 1] - second, negativeEntropy);
    }

    private static void drop(double[] logits, int[] ids) {
        for (int id : ids) {
            logits[id] = Double.NEGATIVE_INFINITY;
        }
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
