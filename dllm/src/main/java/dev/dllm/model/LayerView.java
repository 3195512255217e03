package dev.dllm.model;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Weight;
import java.lang.foreign.Arena;

/// What a [LayerControl] can read of one sequence in one layer. Every method copies from the device anew. Valid during the
/// control's call only; not thread-safe.
public final class LayerView {
    private final int layer;
    private final AttentionShape shape;
    private final Tensor queries;
    private final KeyValues table;
    private final Tensor renewed;
    private final Backend backend;

    /// @param queries `[computed rows, heads · headDim]`, rotated; no rows while it is not known which are computed
    /// @param renewed `[renewed rows, kvHeads · headDim]`, their new values
    LayerView(int layer, AttentionShape shape, Tensor queries, KeyValues table, Tensor renewed, Backend backend) {
        this.layer = layer;
        this.shape = shape;
        this.queries = queries;
        this.table = table;
        this.renewed = renewed;
        this.backend = backend;
    }

    /// From 0.
    public int layer() {
        return layer;
    }

    /// Heads, and how many of them share keys.
    public AttentionShape shape() {
        return shape;
    }

    /// Rotated queries of the computed rows, all heads side by side.
    public float[][] queries() {
        return backend.rows(queries);
    }

    /// Rotated keys in the slots `[0, slots)`, all key heads side by side.
    public float[][] keys(int slots) {
        return backend.rows(table.keys().rows(0, slots));
    }

    /// Values in the slots `[from, to)`, all key heads side by side.
    public float[][] values(int from, int to) {
        return backend.rows(table.values().rows(from, to));
    }

    /// New values of the rows that are renewed.
    public float[][] renewed() {
        return backend.rows(renewed);
    }

    /// The share of each slot in the attention of each computed row if the rows see the slots `[0, slots)`: the mean over
    /// the heads, `[computed rows][slots]`.
    public float[][] attention(int slots) {
        int rows = queries.rows();
        int headDim = shape.headDim();
        int shared = shape.heads() / shape.kvHeads();
        double scale = 1 / Math.sqrt(headDim);
        float[][] mean = new float[rows][slots];
        try (Arena arena = Arena.ofShared()) {
            Tensor scores = backend.allocate(arena, DType.F32, rows, slots);
            for (int head = 0; head < shape.heads(); head++) {
                int column = head * headDim;
                int keyColumn = head / shared * headDim;
                Weight keys = Weight.of(table.keys().rows(0, slots).columns(keyColumn, keyColumn + headDim));
                backend.ops().linear(scores, queries.columns(column, column + headDim), keys, null);
                float[][] scored = backend.rows(scores);
                for (int row = 0; row < rows; row++) {
                    addSoftmax(mean[row], scored[row], scale, shape.heads());
                }
            }
        }
        return mean;
    }

    /// Adds the softmax of `scale · scores`, divided by `count`.
    private static void addSoftmax(float[] sum, float[] scores, double scale, int count) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            largest = Math.max(largest, score);
        }
        double total = 0;
        double[] exponentials = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            exponentials[i] = Math.exp(scale * (scores[i] - largest));
            total += exponentials[i];
        }
        for (int i = 0; i < scores.length; i++) {
            sum[i] += (float) (exponentials[i] / (total * count));
        }
    }
}
