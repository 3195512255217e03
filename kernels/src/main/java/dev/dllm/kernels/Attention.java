package dev.dllm.kernels;

import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Tensor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `attention`: a unit of work is a block of rows of a key group times one key head; [AttentionUnit] computes it.
///
/// How rows are cut into blocks depends on the number of threads, and no result does: a row's sums run over tiles of
/// keys whose borders depend on the row's own key ranges alone.
final class Attention implements Workers.Body {
    /// Query vectors that share a transposed tile of keys, at most: what they need stays in the second-level cache.
    private static final int MOST_QUERIES = 128;
    /// Fewer are not worth the transposition.
    private static final int FEWEST_QUERIES = 8;
    private static final int UNITS_PER_THREAD = 4;

    private final Engine engine;
    private final AttentionUnit unit;

    private @Nullable List<KeyValues> tables;
    private @Nullable List<KeyGroup> groups;
    private int rowsPerUnit;
    /// Entry `g` is the number of the first unit of group `g`; one more entry for the end.
    private int[] firstUnits = {0};
    private int groupCount;
    private int unitsPerChunk;

    Attention(Engine engine) {
        this.engine = engine;
        this.unit = new AttentionUnit(engine.kernels());
    }

    /// @see dev.dllm.runtime.Ops#attention
    void attention(Tensor out, Tensor q, int headDim, List<KeyValues> tables, List<KeyGroup> groups, float scale) {
        if (groups.isEmpty()) {
            return;
        }
        this.tables = tables;
        this.groups = groups;
        int heads = q.cols() / headDim;
        int keyHeads = tables.getFirst().keys().cols() / headDim;
        int queriesPerRow = heads / keyHeads;
        long fair = (long) q.rows() * heads / (engine.workers().size() * UNITS_PER_THREAD);
        rowsPerUnit = Math.max(1, Math.clamp(fair, FEWEST_QUERIES, MOST_QUERIES) / queriesPerRow);
        unit.set(out, q, headDim, scale, rowsPerUnit * queriesPerRow);
        engine.scratch().reserve(0, unit.scratchBytes());
        long work = countUnits(keyHeads, (long) heads * headDim * 2);
        int units = firstUnits[groupCount];
        unitsPerChunk = Math.clamp(PanelProduct.GRAIN * units / Math.max(1, work), 1, units);
        engine.workers().parallelFor(Math.ceilDiv(units, unitsPerChunk), this);
    }

    /// Numbers the units, and returns the multiply-adds of them all.
    private long countUnits(int keyHeads, long perRowAndKey) {
        List<KeyGroup> groups = Objects.requireNonNull(this.groups);
        groupCount = groups.size();
        if (firstUnits.length <= groupCount) {
            firstUnits = new int[groupCount + 1];
        }
        long work = 0;
        for (int g = 0; g < groupCount; g++) {
            KeyGroup group = groups.get(g);
            int units = Math.multiplyExact(Math.ceilDiv(group.rowCount(), rowsPerUnit), keyHeads);
            firstUnits[g + 1] = Math.addExact(firstUnits[g], units);
            work += perRowAndKey * group.rowCount() * group.keyCount();
        }
        return work;
    }

    @Override
    public void run(int chunk, int worker) {
        int end = Math.min(firstUnits[groupCount], (chunk + 1) * unitsPerChunk);
        int g = groupOf(chunk * unitsPerChunk);
        for (int u = chunk * unitsPerChunk; u < end; u++) {
            while (u >= firstUnits[g + 1]) {
                g++;
            }
            KeyGroup group = Objects.requireNonNull(groups).get(g);
            int blocks = Math.ceilDiv(group.rowCount(), rowsPerUnit);
            int keyHead = (u - firstUnits[g]) / blocks;
            int first = (u - firstUnits[g]) % blocks * rowsPerUnit;
            int count = Math.min(rowsPerUnit, group.rowCount() - first);
            unit.compute(group, Objects.requireNonNull(tables).get(group.sequence()), keyHead,
                    group.firstRow() + first, count, engine.scratch().worker(worker), engine.kernelScratch(worker));
        }
    }

    /// The group that a unit belongs to: the last one that does not start after it.
    private int groupOf(int unit) {
        int low = 0;
        int high = groupCount - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (firstUnits[middle] <= unit) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
