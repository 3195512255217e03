package dev.dllm.runtime.contract;

import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;

/// Rows of host matrices as arrays of doubles: all that the reference computes with.
final class Doubles {

    private Doubles() {}

    static double[] row(Tensor tensor, int row) {
        double[] values = new double[tensor.cols()];
        for (int c = 0; c < values.length; c++) {
            values[c] = tensor.get(row, c);
        }
        return values;
    }

    static double[][] rows(Tensor tensor) {
        double[][] rows = new double[tensor.rows()][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = row(tensor, r);
        }
        return rows;
    }

    /// Output channel `n` of a weight in either storage form, without its scale.
    static double[] channel(Weight weight, int n) {
        if (!weight.isPacked()) {
            return row(weight.values(), n);
        }
        double[] values = new double[weight.cols()];
        for (int k = 0; k < values.length; k++) {
            values[k] = weight.values().get(n / weight.panelRows(), packedColumn(weight, n, k));
        }
        return values;
    }

    /// Where element `(n, k)` lies inside its panel, see [Weight].
    static int packedColumn(Weight weight, int n, int k) {
        int perWord = DType.F32.blockBytes() / weight.dtype().blockBytes();
        int word = k / perWord * weight.panelRows() + n % weight.panelRows();
        return word * perWord + k % perWord;
    }

    /// The factor on channel `n` after its sum.
    static double scale(Weight weight, int n) {
        return weight.scales() == null ? 1 : weight.scales().get(0, n);
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /// `silu(z) = z / (1 + e^−z)`.
    static double silu(double z) {
        return z / (1 + Math.exp(-z));
    }

    static double[] softmax(double[] logits) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp(logits[i] - largest);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }
}
