package dev.dllm.runtime.contract;

import dev.dllm.runtime.RouterSpec;
import java.util.Arrays;

/// The steps of [RouterSpec] for the rows that are routed together, in float64.
final class ReferenceRouter {

    /// The chosen experts in descending order of choice score, and their gates.
    record Choice(int[] ids, double[] gates) {}

    private ReferenceRouter() {}

    /// @param logits of a routing block, or of one row if there are no blocks
    static Choice[] choose(double[][] logits, double[] bias, RouterSpec spec) {
        double[][] scores = Arrays.stream(logits).map(row -> scores(row, spec)).toArray(double[][]::new);
        double[][] choice = Arrays.stream(scores).map(row -> sum(row, bias)).toArray(double[][]::new);
        boolean[] admitted = admitted(choice, bias.length, spec);
        Choice[] choices = new Choice[logits.length];
        Arrays.setAll(choices, i -> choose(scores[i], choice[i], admitted, spec));
        return choices;
    }

    private static Choice choose(double[] scores, double[] choice, boolean[] admitted, RouterSpec spec) {
        if (broken(choice)) {
            double[] gates = new double[spec.topK()];
            Arrays.fill(gates, Double.NaN);
            return new Choice(new int[spec.topK()], gates);
        }
        int[] ids = best(choice, spec.groups() > 1 ? inBestGroups(choice, spec) : admitted, spec.topK());
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

    private static double[] sum(double[] a, double[] b) {
        double[] sum = new double[a.length];
        Arrays.setAll(sum, e -> a[e] + b[e]);
        return sum;
    }

    private static boolean broken(double[] choice) {
        return Arrays.stream(choice).anyMatch(Double::isNaN);
    }

    /// Which experts are left for every row of a block.
    private static boolean[] admitted(double[][] choice, int experts, RouterSpec spec) {
        boolean[] every = new boolean[experts];
        Arrays.fill(every, true);
        if (spec.capacity() == 0) {
            return every;
        }
        double[] largest = new double[experts];
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        for (double[] row : choice) {
            if (!broken(row)) {
                Arrays.setAll(largest, e -> Math.max(largest[e], row[e]));
            }
        }
        boolean[] left = new boolean[experts];
        for (int e : best(largest, every, Math.min(spec.capacity(), experts))) {
            left[e] = true;
        }
        return left;
    }

    /// Which experts are left after the choice of groups.
    private static boolean[] inBestGroups(double[] choice, RouterSpec spec) {
        boolean[] left = new boolean[choice.length];
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
