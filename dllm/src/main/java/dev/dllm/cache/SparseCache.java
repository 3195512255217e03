package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import dev.dllm.model.LayerControl;
import dev.dllm.model.LayerView;
import dev.dllm.runtime.KeyGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Sparse-dLLM: the first two calls on a span compute the whole canvas; in the second one each layer chooses, of the positions
/// outside the span, those whose keys its queries match best. Every later call computes the span alone and sees, besides it, what
/// each layer has chosen.
///
/// A key's score is its product with the mean query of the span, averaged over the query heads, unscaled; then the largest
/// score in a window around it. Of a shifted model later calls have no row for the span's first position: before a block the first
/// call commits it and nothing else; on a part of a block whole calls go on until it is committed.
///
/// @param share of the positions outside the span that a layer keeps, in [0, 1], rounded down; 1 keeps all
/// @param width of the window that scores are raised in, in positions; odd, 1 for none
/// @see "Sparse-dLLM, arXiv:2508.02558; OpenMOSS/Sparse-dLLM, models (cache eviction)"
public record SparseCache(double share, int width) implements CachePolicy {

    public SparseCache {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share + " positions kept: needs 0 to 1");
        }
        if (width < 1 || width % 2 == 0) {
            throw new IllegalArgumentException("scores raised in a window of " + width + " positions: needs an odd number");
        }
    }

    @Override
    public boolean predictsFirst() {
        return true;
    }

    @Override
    public boolean decidesByLayer() {
        return true;
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        Requirements.requireBidirectional(this, pattern, "chooses among all positions");
        return new State() {
            private int start = -1;
            private int length;
            private int call;
            private List<int[]> kept = List.of();

            @Override
            public Optional<ForwardPlan> opening(Window window) {
                return shifted ? Optional.of(plan(window)) : Optional.empty();
            }

            @Override
            public ForwardPlan plan(Window window) {
                // Rules may let more of the canvas be seen from call to call: then the choice is made anew.
                call = window.start() == start && window.length() == length ? call + 1 : 0;
                start = window.start();
                length = window.length();
                if (call < 2 || shifted && window.masked().test(start)) {
                    kept = new ArrayList<>();
                    ForwardPlan all = ForwardPlan.range(0, window.length(), _ -> window.length());
                    return call == 0 ? all : all.withControl(control((planned, view) -> {
                        kept.add(visible(view, window));
                        return planned;
                    }));
                }
                return ForwardPlan.range(window.start(), window.end(), _ -> window.length())
                        .withControl(control((planned, view) -> planned.stream()
                                .map(g -> new KeyGroup(g.firstRow(), g.rowCount(), 0, kept.get(view.layer())))
                                .toList()));
            }

            @Override
            public void applied(boolean edited) {}
        };
    }

    private interface Groups {
        List<KeyGroup> of(List<KeyGroup> planned, LayerView view);
    }

    private static LayerControl control(Groups groups) {
        return new LayerControl() {
            @Override
            public List<KeyGroup> groups(List<KeyGroup> planned, LayerView view) {
                return groups.of(planned, view);
            }
        };
    }

    /// Slot ranges of the span and of what one layer keeps besides it.
    private int[] visible(LayerView view, Window window) {
        float[] query = meanQuery(view, window);
        float[][] keys = view.keys(window.length());
        int[] outside = IntStream.range(0, window.length())
                .filter(position -> position < window.start() || position >= window.end())
                .toArray();
        double[] scores = Arrays.stream(outside).mapToDouble(position -> dot(query, keys[position])).toArray();
        double[] raised = raised(scores);
        BitSet slots = new BitSet(window.length());
        slots.set(window.start(), window.end());
        IntStream.range(0, outside.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -raised[i]))
                .limit((long) (outside.length * share))
                .forEach(i -> slots.set(outside[i]));
        return KeyGroup.ranges(slots);
    }

    /// The mean query of the span, summed over the heads that share a key head: as wide as a key.
    private static float[] meanQuery(LayerView view, Window window) {
        float[][] queries = view.queries();
        int headDim = view.shape().headDim();
        int shared = view.shape().heads() / view.shape().kvHeads();
        double[] sum = new double[view.shape().keyWidth()];
        for (int position = window.start(); position < window.end(); position++) {
            for (int head = 0; head < view.shape().heads(); head++) {
                for (int i = 0; i < headDim; i++) {
                    sum[head / shared * headDim + i] += queries[position][head * headDim + i];
                }
            }
        }
        float[] mean = new float[sum.length];
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (sum[i] / (window.end() - window.start()));
        }
        return mean;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /// The largest score in the window around each.
    private double[] raised(double[] scores) {
        double[] raised = scores.clone();
        for (int i = 0; i < scores.length; i++) {
            for (int j = Math.max(0, i - width / 2); j <= Math.min(scores.length - 1, i + width / 2); j++) {
                raised[i] = Math.max(raised[i], scores[j]);
            }
        }
        return raised;
    }

    @Override
    public String toString() {
        return "sparse:" + share + (width == 3 ? "" : "," + width);
    }
}
