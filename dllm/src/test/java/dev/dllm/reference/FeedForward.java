package dev.dllm.reference;

import java.util.Map;

/// The feed-forward part of a layer.
sealed interface FeedForward {

    /// Adds rows and columns of its weights.
    void weights(String layer, int hidden, Map<String, int[]> all);

    /// Its output for every row of `x`.
    ///
    /// @param layer prefix of the names of its weights
    double[][] of(double[][] x, Weights weights, String layer);

    record Dense(int width) implements FeedForward {
        @Override
        public void weights(String layer, int hidden, Map<String, int[]> all) {
            swigluWeights(layer, width, hidden, all);
        }

        @Override
        public double[][] of(double[][] x, Weights weights, String layer) {
            double[][] out = new double[x.length][];
            for (int row = 0; row < x.length; row++) {
                out[row] = swiglu(x[row], weights, layer);
            }
            return out;
        }
    }

    /// @param sharedWidth width of the expert that every row passes, 0 for none
    record Experts(int count, int width, int sharedWidth, Router router) implements FeedForward {
        @Override
        public void weights(String layer, int hidden, Map<String, int[]> all) {
            all.put(layer + "router", new int[] {count, hidden});
            if (router.bias()) {
                all.put(layer + "routerBias", new int[] {1, count});
            }
            for (int e = 0; e < count; e++) {
                swigluWeights(layer + "expert" + e + ".", width, hidden, all);
            }
            if (sharedWidth > 0) {
                swigluWeights(layer + "shared.", sharedWidth, hidden, all);
            }
        }

        @Override
        public double[][] of(double[][] x, Weights weights, String layer) {
            double[][] scores = new double[x.length][];
            for (int row = 0; row < x.length; row++) {
                scores[row] = Linear.of(weights.matrix(layer + "router"), x[row]);
            }
            double[] bias = router.bias() ? weights.vector(layer + "routerBias") : new double[count];
            double[][] gates = router.gates(scores, bias);
            double[][] out = new double[x.length][x[0].length];
            for (int row = 0; row < x.length; row++) {
                for (int e = 0; e < count; e++) {
                    if (gates[row][e] != 0) {
                        Linear.add(out[row], gates[row][e], swiglu(x[row], weights, layer + "expert" + e + "."));
                    }
                }
                if (sharedWidth > 0) {
                    Linear.add(out[row], 1, swiglu(x[row], weights, layer + "shared."));
                }
            }
            return out;
        }
    }

    private static void swigluWeights(String prefix, int width, int hidden, Map<String, int[]> all) {
        all.put(prefix + "gate", new int[] {width, hidden});
        all.put(prefix + "up", new int[] {width, hidden});
        all.put(prefix + "down", new int[] {hidden, width});
    }

    private static double[] swiglu(double[] x, Weights weights, String prefix) {
        double[] gate = Linear.of(weights.matrix(prefix + "gate"), x);
        double[] up = Linear.of(weights.matrix(prefix + "up"), x);
        for (int i = 0; i < gate.length; i++) {
            gate[i] = gate[i] / (1 + Math.exp(-gate[i])) * up[i];
        }
        return Linear.of(weights.matrix(prefix + "down"), gate);
    }
}
