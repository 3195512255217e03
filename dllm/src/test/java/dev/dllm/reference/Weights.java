package dev.dllm.reference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// The weights of a network by their names in [Shape#weights].
record Weights(Map<String, double[][]> byName) {

    /// Numbers with 8 significant bits, so that F32, F16 and BF16 files hold them exactly. A weight depends on the seed, its
    /// name and its size alone.
    static Weights random(Shape shape, long seed) {
        Map<String, double[][]> weights = new LinkedHashMap<>();
        shape.weights().forEach((name, size) -> {
            Random random = new Random(31 * seed + name.hashCode());
            double[][] matrix = new double[size[0]][size[1]];
            // A power of two near 1 / sqrt(inputs) keeps the size of activations.
            double step = Math.scalb(1.0, -6 - (int) Math.round(Math.log(size[1]) / Math.log(4)));
            for (double[] row : matrix) {
                for (int i = 0; i < row.length; i++) {
                    int whole = random.nextInt(-127, 128);
                    row[i] = name.endsWith("Norm") ? 1 + (whole >> 1) / 128.0
                            : name.endsWith("Bias") ? whole / 512.0
                            : name.equals("embedding") ? whole / 64.0
                            : name.endsWith("router") ? 2 * step * whole
                            : step * whole;
                }
            }
            weights.put(name, matrix);
        });
        return new Weights(weights);
    }

    double[][] matrix(String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    double[] vector(String name) {
        return matrix(name)[0];
    }
}
