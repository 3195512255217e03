package dev.dllm.reference;

import java.util.Arrays;

/// The forward pass of a pre-norm decoder, see the package.
final class ReferenceForward {
    private final Shape shape;
    private final Weights weights;

    ReferenceForward(Shape shape, Weights weights) {
        this.shape = shape;
        this.weights = weights;
    }

    /// The logits of every position, `[position][token]`.
    double[][] logits(int[] tokens) {
        int rows = tokens.length;
        double[][] x = new double[rows][];
        for (int row = 0; row < rows; row++) {
            x[row] = weights.matrix("embedding")[tokens[row]].clone();
        }
        for (int i = 0; i < shape.layers().size(); i++) {
            String layer = i + ".";
            add(x, attention(normalized(x, layer + "inputNorm"), layer));
            add(x, shape.layers().get(i).of(normalized(x, layer + "postNorm"), weights, layer));
        }
        double[][] head = weights.matrix(shape.tiedHead() ? "embedding" : "head");
        return Arrays.stream(normalized(x, "finalNorm")).map(row -> Linear.of(head, row)).toArray(double[][]::new);
    }

    private double[][] attention(double[][] x, String layer) {
        int rows = x.length;
        double[][] queries = new double[rows][];
        double[][] keys = new double[rows][];
        double[][] values = new double[rows][];
        for (int row = 0; row < rows; row++) {
            queries[row] = heads(projected(x[row], layer + "q"), layer + "qNorm", row, rows);
            keys[row] = heads(projected(x[row], layer + "k"), layer + "kNorm", row, rows);
            values[row] = projected(x[row], layer + "v");
        }
        double[][] out = new double[rows][];
        for (int row = 0; row < rows; row++) {
            out[row] = Linear.of(weights.matrix(layer + "o"), mixed(queries[row], keys, values, row));
        }
        return out;
    }

    private double[] projected(double[] x, String name) {
        double[] out = Linear.of(weights.matrix(name), x);
        if (shape.qkvBias()) {
            Linear.add(out, 1, weights.vector(name + "Bias"));
        }
        return out;
    }

    /// Queries or keys as they meet: normalised per head and rotated.
    private double[] heads(double[] projected, String norm, int position, int length) {
        double[] x = shape.qkNorm() ? Linear.rmsNorm(projected, weights.vector(norm), shape.eps()) : projected;
        for (int start = 0; start < x.length; start += shape.headDim()) {
            shape.rotary().rotate(x, start, position, length);
        }
        return x;
    }

    private double[] mixed(double[] query, double[][] keys, double[][] values, int position) {
        double[] out = new double[query.length];
        int dim = shape.headDim();
        for (int head = 0; head < shape.heads(); head++) {
            int kvStart = head / (shape.heads() / shape.kvHeads()) * dim;
            double[] scores = new double[keys.length];
            for (int key = 0; key < keys.length; key++) {
                boolean seen = shape.block() == 0 || key / shape.block() <= position / shape.block();
                scores[key] = seen
                        ? Linear.dot(query, keys[key], head * dim, kvStart, dim) / Math.sqrt(dim)
                        : Double.NEGATIVE_INFINITY;
            }
            double[] shares = Linear.softmax(scores);
            for (int key = 0; key < keys.length; key++) {
                for (int i = 0; i < dim; i++) {
                    out[head * dim + i] += shares[key] * values[key][kvStart + i];
                }
            }
        }
        return out;
    }

    private double[][] normalized(double[][] x, String norm) {
        double[][] out = new double[x.length][];
        for (int row = 0; row < x.length; row++) {
            out[row] = Linear.rmsNorm(x[row], weights.vector(norm), shape.eps());
        }
        return out;
    }

    private static void add(double[][] x, double[][] branch) {
        for (int row = 0; row < x.length; row++) {
            Linear.add(x[row], 1, branch[row]);
        }
    }
}
