package dev.dllm.reference;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// Which experts a row passes, and by how much.
///
/// @param sigmoid    sigmoid scores, else softmax
/// @param bias       whether a bias takes part in the choice
/// @param groups     contiguous groups of experts, of which `topGroups` stay; 1 for none
/// @param normalize  whether the gates of a row are divided by their sum
/// @param scale      factor on the gates
/// @param block      positions that share a choice of `capacity` experts, 0 for none
/// @see "DeepSeek-V3, arXiv:2412.19437; LLaDA2.X technical reports; Qwen3-MoE and OLMoE modeling code"
record Router(
        boolean sigmoid, boolean bias, int topK, int groups, int topGroups, boolean normalize, double scale, int block,
        int capacity) {

    /// LLaDA2.0 and 2.1, which normalise several gates but not a single one.
    static Router grouped(int topK, int groups, int topGroups, double scale) {
        return new Router(true, true, topK, groups, topGroups, topK > 1, scale, 0, 0);
    }

    /// LLaDA2.2: rows of a block share `capacity` experts; no groups.
    static Router perBlock(int topK, double scale, int block, int capacity) {
        return new Router(true, true, topK, 1, 1, true, scale, block, capacity);
    }

    /// LLaDA-MoE and the bodies of Qwen3-MoE, which normalise.
    static Router softmax(int topK, boolean normalize) {
        return new Router(false, false, topK, 1, 1, normalize, 1, 0, 0);
    }

    /// The gate of every expert for every row, 0 where it is not chosen.
    double[][] gates(double[][] logits, double[] biases) {
        int rows = logits.length;
        int experts = biases.length;
        double[][] scores = new double[rows][experts];
        double[][] choice = new double[rows][experts];
        for (int row = 0; row < rows; row++) {
            scores[row] = sigmoid ? sigmoids(logits[row]) : Linear.softmax(logits[row]);
            for (int e = 0; e < experts; e++) {
                choice[row][e] = scores[row][e] + biases[e];
            }
        }
        double[][] gates = new double[rows][experts];
        for (int row = 0; row < rows; row++) {
            double[] open = block > 0 ? admitted(choice, row) : inBestGroups(choice[row]);
            double sum = 0;
            for (int e : best(open, topK)) {
                gates[row][e] = scores[row][e];
                sum += scores[row][e];
            }
            for (int e = 0; e < experts; e++) {
                gates[row][e] *= (normalize ? 1 / sum : 1) * scale;
            }
        }
        return gates;
    }

    private double[] inBestGroups(double[] choice) {
        if (groups == 1) {
            return choice;
        }
        int size = choice.length / groups;
        double[] groupScores = new double[groups];
        for (int g = 0; g < groups; g++) {
            double[] sorted = Arrays.copyOfRange(choice, g * size, (g + 1) * size);
            Arrays.sort(sorted);
            groupScores[g] = sorted[size - 1] + sorted[size - 2];
        }
        return only(choice, IntStream.of(best(groupScores, topGroups))
                .flatMap(g -> IntStream.range(g * size, (g + 1) * size)).toArray());
    }

    private double[] admitted(double[][] choice, int row) {
        int start = row / block * block;
        double[] most = choice[start].clone();
        for (int other = start; other < Math.min(choice.length, start + block); other++) {
            for (int e = 0; e < most.length; e++) {
                most[e] = Math.max(most[e], choice[other][e]);
            }
        }
        return only(choice[row], best(most, capacity));
    }

    /// The values at these indices, minus infinity elsewhere.
    private static double[] only(double[] values, int[] kept) {
        double[] out = new double[values.length];
        Arrays.fill(out, Double.NEGATIVE_INFINITY);
        for (int i : kept) {
            out[i] = values[i];
        }
        return out;
    }

    /// Indices of the largest values; of equal ones the lower index.
    private static int[] best(double[] values, int count) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static double[] sigmoids(double[] x) {
        return Arrays.stream(x).map(z -> 1 / (1 + Math.exp(-z))).toArray();
    }
}
