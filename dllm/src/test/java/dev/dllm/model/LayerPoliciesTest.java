package dev.dllm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.D2Cache;
import dev.dllm.cache.SparseCache;
import dev.dllm.cache.Window;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.KeyGroup;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/// What cache policies choose from queries and keys that are written by hand: a prompt of 2 and 6 generated positions.
class LayerPoliciesTest {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();
    private static final int LENGTH = 8;
    private static final float[] EVEN = new float[LENGTH];
    private static final float[] CONFIDENCE = {0.1f, 0.9f, 0.2f, 0.8f, 0.3f, 0.85f};

    /// Two query heads of width 1 share a key head. Queries of the block [4, 6) are (1, 2) and (3, 4), so the keys are multiplied
    /// by 10/2 and averaged over two heads; only their order counts. Half of the 6 other positions are kept.
    @Test
    void sparseKeepsTheKeysThatTheBlockMatchesBest() {
        float[] keys = {5, -9, 1, 4, 99, 99, 3, 2};
        assertArrayEquals(new int[] {0, 1, 3, 7}, kept(new SparseCache(0.5, 1), keys));
        // In windows of three, over the others in order, these are 5 5 4 4 4 3 times as much: the first three, ties to the lowest.
        assertArrayEquals(new int[] {0, 3, 4, 6}, kept(new SparseCache(0.5, 3), keys));
        assertArrayEquals(new int[] {0, 8}, kept(new SparseCache(1, 3), keys));
        assertArrayEquals(new int[] {4, 6}, kept(new SparseCache(0, 3), keys));
    }

    @Test
    void d2CacheComputesWhatIsLikelyNextAndWhatWasDecided() {
        // 7 and 5 are the surest masks, 3 was decided; of the even rest the rollout adds the first.
        assertEquals("[0, 3, 5, 7]", computed(new D2Cache(2, 0, 1000, 0, false), false, 2, 8, EVEN));
        assertEquals("[0, 3, 4, 5, 6, 7]", computed(new D2Cache(2, 0, 1000, 2, false), false, 2, 8, EVEN));
        // All attend to position 1, so the rollout leads there.
        assertEquals("[1, 3, 5, 7]", computed(new D2Cache(2, 0, 1000, 0, false), false, 2, 8, new float[] {0, 50, 0, 0, 0, 0, 0, 0}));
        // The second mask lies in the block, which had three: nothing behind it is looked at.
        assertEquals("[0, 2, 3, 4]", computed(new D2Cache(2, 0, 1000, 0, false), false, 2, 5, EVEN));
        // Rows that predict 5 and 7.
        assertEquals("[0, 3, 4, 6]", computed(new D2Cache(2, 0, 1000, 0, false), true, 2, 8, EVEN));
        // What is decided around a mask counts: with a narrow curve 2 and 4, beside 3 and, for 2, beside the prompt.
        assertEquals("[0, 2, 3, 4]", computed(new D2Cache(2, 0, 0.5, 0, false), false, 2, 8, EVEN));
    }

    /// The share of every head, averaged: head 0 sees only the first key, head 1 all alike.
    @Test
    void attentionIsTheMeanOverHeads() {
        try (ReferenceBackend backend = new ReferenceBackend(); Arena arena = Arena.ofShared()) {
            Tensor queries = tensor(backend, arena, 2, new float[][] {{60, 0}});
            Tensor keys = tensor(backend, arena, 1, new float[][] {{1}, {0}, {0}, {0}});
            LayerView view = new LayerView(
                    0, new AttentionShape(2, 1, 1, false, false), queries, new KeyValues(keys, keys), queries.rows(0, 0), backend);
            assertArrayEquals(new float[] {0.625f, 0.125f, 0.125f, 0.125f}, view.attention(4)[0], 1e-6f);
            assertArrayEquals(new float[] {0.75f, 0.25f}, view.attention(2)[0], 1e-6f);
        }
    }

    /// What the third call on the block [4, 6) sees.
    private static int[] kept(SparseCache cache, float[] keys) {
        CachePolicy.State state = cache.start(FULL, false);
        state.plan(window(4, 6, position -> position >= 4));
        ForwardPlan second = state.plan(window(4, 6, position -> position >= 4));
        float[][] queries = new float[LENGTH][2];
        queries[4] = new float[] {1, 2};
        queries[5] = new float[] {3, 4};
        watch(second, queries, keys);
        ForwardPlan third = state.plan(window(4, 6, position -> position >= 4));
        assertArrayEquals(new int[] {4, 5}, third.positions());
        return watch(third, new float[][] {queries[4], queries[5]}, keys).getFirst().ranges();
    }

    /// What the second call computes, if the first one on `[start, end)` decided position 3.
    private static String computed(D2Cache cache, boolean shifted, int start, int end, float[] keys) {
        CachePolicy.State state = cache.start(FULL, shifted);
        ForwardPlan first = state.plan(window(start, end, position -> position >= 2));
        assertEquals(LENGTH, first.positions().length);
        float[][] queries = new float[LENGTH][2];
        Arrays.stream(queries).forEach(query -> Arrays.fill(query, 1));
        watch(first, queries, keys);
        state.proposed(new int[] {2, 3, 4, 5, 6, 7}, CONFIDENCE);
        state.applied(true);
        return Arrays.toString(state.plan(window(start, end, position -> position >= 2 && position != 3)).positions());
    }

    private static Window window(int start, int end, IntPredicate masked) {
        return new Window(start, end, start, start, end, LENGTH, masked, masked, () -> new int[0]);
    }

    /// Lets a plan's control see one layer with two query heads and one key head of width 1.
    private static List<KeyGroup> watch(ForwardPlan plan, float[][] queries, float[] keys) {
        try (ReferenceBackend backend = new ReferenceBackend(); Arena arena = Arena.ofShared()) {
            float[][] rows = new float[keys.length][1];
            for (int i = 0; i < keys.length; i++) {
                rows[i][0] = keys[i];
            }
            Tensor table = tensor(backend, arena, 1, rows);
            Tensor own = tensor(backend, arena, 2, queries);
            return plan.control().groups(plan.groups(), new LayerView(
                    0, new AttentionShape(2, 1, 1, false, false), own, new KeyValues(table, table), own.rows(0, 0), backend));
        }
    }

    private static Tensor tensor(ReferenceBackend backend, Arena arena, int cols, float[][] rows) {
        Tensor tensor = backend.allocate(arena, DType.F32, rows.length, cols);
        for (int r = 0; r < rows.length; r++) {
            for (int c = 0; c < cols; c++) {
                tensor.set(r, c, rows[r][c]);
            }
        }
        return tensor;
    }
}
