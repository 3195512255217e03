package dev.dllm.kernels;

import dev.dllm.kernels.tier.Exp;
import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Tensor;

/// Attention of some rows over one key head: tiles of keys, a running softmax over the tiles (Milakov & Gimelshein
/// 2018, arXiv:1805.02867; Dao et al. 2022, arXiv:2205.14135).
///
/// All query vectors of the rows (the heads that share this key head) pass over a tile together. Both products are
/// panel products: scores with the keys as output channels and the head's dimensions as `k`, results with the
/// dimensions as output channels and the keys as `k`. NaN in a query, a key or a visible value, or an infinite score,
/// gives NaN.
///
/// Thread-safe after [#set], given scratch of one's own.
final class AttentionUnit {
    /// Keys per tile, a multiple of the channels of any panel, so that results do not depend on the lane width.
    private static final int TILE = 96;
    private static final long TILE_BYTES = TILE * 4L;

    private final Kernels kernels;
    private final PanelProduct product;
    private final int panelRows;
    private final View out = new View();
    private final View q = new View();
    private int headDim;
    private int heads;
    private float scale;
    /// Panels that a head's dimensions make, and their bytes for one query.
    private int panels;
    private long sumBytes;

    // Where things are in a worker's scratch; the first one is at its start.
    private long gatheredAt;
    private long keysAt;
    private long valuesAt;
    private long scoresAt;
    private long packedScoresAt;
    private long sumsAt;
    private long largestAt;
    private long totalsAt;
    private long end;

    AttentionUnit(Kernels kernels) {
        this.kernels = kernels;
        this.product = new PanelProduct(kernels);
        this.panelRows = kernels.panelRows();
    }

    /// The operands of the op that is about to run.
    ///
    /// @param queries query vectors of a unit, at most
    void set(Tensor out, Tensor q, int headDim, float scale, int queries) {
        this.out.set(out);
        this.q.set(q);
        this.headDim = headDim;
        this.heads = q.cols() / headDim;
        this.scale = scale;
        panels = product.panels(headDim);
        sumBytes = panels * panelRows * 4L;
        gatheredAt = Scratch.aligned(4L * queries * headDim);
        keysAt = gatheredAt + Scratch.aligned(4L * queries * headDim);
        valuesAt = keysAt + TILE_BYTES * headDim;
        scoresAt = valuesAt + TILE * sumBytes;
        packedScoresAt = scoresAt + queries * TILE_BYTES;
        sumsAt = packedScoresAt + queries * TILE_BYTES;
        largestAt = sumsAt + queries * sumBytes;
        totalsAt = largestAt + 4L * queries;
        end = totalsAt + 4L * queries;
    }

    /// Scratch that a worker needs for a unit.
    long scratchBytes() {
        return end;
    }

    /// Computes `rows` rows of `group` from `row` on, for the query heads of one key head.
    ///
    /// @param scratch  [#scratchBytes()]
    /// @param kernelScratch [Kernels#SCRATCH_BYTES]
    void compute(KeyGroup group, KeyValues table, int keyHead, int row, int rows, long scratch, long kernelScratch) {
        int shared = heads / (table.keys().cols() / headDim);
        int queries = rows * shared;
        long column = keyHead * headDim * 4L;
        packQueries(scratch, row, rows, shared, column * shared, kernelScratch);
        for (int i = 0; i < queries; i++) {
            Native.f32(scratch + largestAt + i * 4L, Float.NEGATIVE_INFINITY);
            Native.f32(scratch + totalsAt + i * 4L, 0);
        }
        Native.zero(scratch + sumsAt, queries * sumBytes / 4);
        int[] ranges = group.ranges();
        for (int r = 0; r < ranges.length; r += 2) {
            for (int slot = ranges[r]; slot < ranges[r + 1]; slot += TILE) {
                int count = Math.min(TILE, ranges[r + 1] - slot);
                score(scratch, queries, table.keys(), slot, count, column, kernelScratch);
                for (int i = 0; i < queries; i++) {
                    soften(scratch, i, count, kernelScratch);
                }
                accumulate(scratch, queries, table.values(), slot, count, column, kernelScratch);
            }
        }
        store(scratch, row, rows, shared, column * shared);
    }

    private void packQueries(long scratch, int row, int rows, int shared, long column, long kernelScratch) {
        long rowBytes = shared * headDim * 4L;
        for (int i = 0; i < rows; i++) {
            Native.copy(scratch + gatheredAt + i * rowBytes, q.row(row + i) + column, rowBytes);
        }
        product.packRows(scratch, scratch + gatheredAt, headDim * 4L, rows * shared, headDim, kernelScratch);
    }

    /// Products of all queries with the keys of a tile.
    private void score(
            long scratch, int queries, Tensor keys, int slot, int count, long column, long kernelScratch) {
        long stride = Native.stride(keys);
        long first = Native.address(keys) + slot * stride + column;
        Native.zero(scratch + scoresAt, (long) queries * TILE);
        for (int key = 0; key < count; key += panelRows) {
            long panel = scratch + keysAt + (long) key * headDim * 4;
            kernels.transpose(panel, panelRows, first + key * stride, stride, Math.min(panelRows, count - key), headDim,
                    kernelScratch);
            product.multiplyFloats(scratch + scoresAt + key * 4L, TILE_BYTES, scratch, queries, headDim, 0,
                    panel, headDim);
        }
    }

    /// Turns the scores of a query into exponentials, relative to the largest score so far; what was summed up relative
    /// to a smaller one is scaled down.
    private void soften(long scratch, int query, int count, long kernelScratch) {
        long scores = scratch + scoresAt + query * TILE_BYTES;
        long largestAddress = scratch + largestAt + query * 4L;
        long totalAddress = scratch + totalsAt + query * 4L;
        kernels.scale(scores, scale, count);
        float before = Native.f32(largestAddress);
        float tileLargest = kernels.max(scores, count);
        float largest = tileLargest <= before ? before : tileLargest;
        float shrink = before == largest ? 1 : Exp.exp(before - largest);
        float total = kernels.expSum(scores, count, largest, kernelScratch);
        Native.f32(totalAddress, Math.fma(Native.f32(totalAddress), shrink, total));
        Native.f32(largestAddress, largest);
        if (shrink != 1) {
            kernels.scale(scratch + sumsAt + query * sumBytes, shrink, panels * panelRows);
        }
    }

    /// Adds the values of a tile, weighted by the exponentials.
    private void accumulate(
            long scratch, int queries, Tensor values, int slot, int count, long column, long kernelScratch) {
        product.packRows(scratch + packedScoresAt, scratch + scoresAt, TILE_BYTES, queries, count, kernelScratch);
        for (int panel = 0; panel < panels; panel++) {
            int dim = panel * panelRows;
            long copy = scratch + valuesAt + (long) dim * TILE * 4;
            int dims = Math.min(panelRows, headDim - dim);
            for (int i = 0; i < count; i++) {
                long from = Native.address(values) + (slot + i) * Native.stride(values) + column + dim * 4L;
                Native.copy(copy + i * panelRows * 4L, from, dims * 4L);
            }
            product.multiplyFloats(scratch + sumsAt + dim * 4L, sumBytes, scratch + packedScoresAt, queries, count, 0,
                    copy, count);
        }
    }

    private void store(long scratch, int row, int rows, int shared, long column) {
        for (int query = 0; query < rows * shared; query++) {
            long sums = scratch + sumsAt + query * sumBytes;
            kernels.scale(sums, 1 / Native.f32(scratch + totalsAt + query * 4L), headDim);
            long to = out.row(row + query / shared) + column + query % shared * headDim * 4L;
            Native.copy(to, sums, headDim * 4L);
        }
    }
}
