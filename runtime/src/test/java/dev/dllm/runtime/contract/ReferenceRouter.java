package dev.dllm.runtime.contract;

import dev.dllm.runtime.RouterSpec;
import java.util.Arrays;

/// The steps of [RouterSpec] for one row, in float64.
final class ReferenceRouter {

    /// The chosen experts in descending order of choice score, and their gates.
    record Choice(int[] ids, double[] gates) {}

    private ReferenceRouter() {}

    static Choice choose(double[] logits, double[] bias, RouterSpec spec) {
        double[] scores = scores(logits, spec);
        double[] choice = new double[scores.length];
        Arrays.setAll(choice, e -> scores[e] + bias[e]);
        if (Arrays.stream(scores).anyMatch(Double::isNaN)) {
            double[] gates = new double[spec.topK()];
            Arrays.fill(gates, Double.NaN);
            return new Choice(new int[spec.topK()], gates);
        }
        int[] ids = best(choice, candidates(choice, spec), spec.topK());
        double sum = Arrays.stream(ids).mapToDouble(e -> scores[e]).sum();
        double divisor = spec.normalize() ? sum + 1e-20 : 1;
        return new Choice(ids, Arrays.stream(ids).mapToDouble(e -> scores[e] / divisor * spec.scale()).toArray());
    }

    private static double[] scores(double[] logits, RouterSpec spec) {
        return switch (spec.scoring()) {
            case SOFTMAX -> Doubles.softmax(logits);
            case SIGMOID -> Arrays.stream(logits).map(z -> 1 / (1 + Math.exp(-z))).toArray();
        };
    }

    /// Which experts are left after the choice of groups.
    private static boolean[] candidates(double[] choice, RouterSpec spec) {
        boolean[] left = new boolean[choice.length];
        if (spec.groups() == 1) {
            Arrays.fill(left, true);
            return left;
        }
        int size = choice.length / spec.groups();
        double[] worth = new double[spec.groups()];
        for (int g = 0; g < worth.length; g++) {
            double[] members = Arrays.copyOfRange(choice, g * size, (g + 1) * size);
            Arrays.sort(members);
            worth[g] = members[size - 1] + members[size - 2];
        }
        boolean[] every = new boolean[worth.length];
        Arrays.fill(every, true);
        for (int g : best(worth, every, spec.topGroups())) {
            Arrays.fill(left, g * size, (g + 1) * size, true);
        }
        return left;
    }

    /// The `count` largest among those left, in descending order, the lower index first where they are equal.
    private static int[] best(double[] values, boolean[] left, int count) {
        boolean[] remaining = left.clone();
        int[] ids = new int[count];
        for (int j = 0; j < count; j++) {
            int best = -1;
            for (int e = 0; e < values.length; e++) {
                if (remaining[e] && (best < 0 || values[e] > values[best])) {
                    best = e;
                }
            }
            remaining[best] = false;
            ids[j] = best;
        }
        return ids;
    }
}
