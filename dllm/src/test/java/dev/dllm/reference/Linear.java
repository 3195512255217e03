package dev.dllm.reference;

/// Vectors and matrices, one sum at a time.
final class Linear {

    private Linear() {}

    /// `matrix · x`.
    static double[] of(double[][] matrix, double[] x) {
        double[] out = new double[matrix.length];
        for (int row = 0; row < matrix.length; row++) {
            out[row] = dot(matrix[row], x, 0, 0, x.length);
        }
        return out;
    }

    /// The product of `count` elements of `a` from `aStart` and of `b` from `bStart` on.
    static double dot(double[] a, double[] b, int aStart, int bStart, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += a[aStart + i] * b[bStart + i];
        }
        return sum;
    }

    /// `out += factor · x`.
    static void add(double[] out, double factor, double[] x) {
        for (int i = 0; i < out.length; i++) {
            out[i] += factor * x[i];
        }
    }

    /// Each run of `weight.length` elements divided by its root mean square, times the weight.
    static double[] rmsNorm(double[] x, double[] weight, double eps) {
        double[] out = new double[x.length];
        for (int start = 0; start < x.length; start += weight.length) {
            double meanSquare = dot(x, x, start, start, weight.length) / weight.length;
            for (int i = 0; i < weight.length; i++) {
                out[start + i] = x[start + i] / Math.sqrt(meanSquare + eps) * weight[i];
            }
        }
        return out;
    }

    static double[] softmax(double[] x) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : x) {
            max = Math.max(max, value);
        }
        double[] out = new double[x.length];
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            out[i] = Math.exp(x[i] - max);
            sum += out[i];
        }
        for (int i = 0; i < x.length; i++) {
            out[i] /= sum;
        }
        return out;
    }
}
