package dev.dllm.cache;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import dev.dllm.model.LayerControl;
import dev.dllm.model.LayerView;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/// dLLM-Cache: every call passes all positions through the network, but layers leave most of them out: keys, values, and what
/// attention and the feed-forward part added are those of an earlier call. The given text, which changes little, is computed
/// anew at long intervals, what is generated at short ones; between those, each layer computes the positions whose values
/// have moved most. The first layer computes everything at every call.
///
/// Intervals of 1 are exact. Memory: besides keys and values, two rows of the model's width per position and layer.
///
/// @param givenInterval     calls from one computation of the given text to the next, 1 or more
/// @param generatedInterval calls from one computation of all generated positions to the next, 1 or more
/// @param share             of the generated positions that a layer computes at the other calls, in [0, 1], rounded down; 0
///                          leaves them all out
/// @see "dLLM-Cache, arXiv:2506.06295; maomaocun/dLLM-Cache, dllm_cache (cache, hooks)"
public record AdaptiveCache(int givenInterval, int generatedInterval, double share) implements CachePolicy {

    public AdaptiveCache {
        if (givenInterval < 1 || generatedInterval < 1) {
            throw new IllegalArgumentException("cache intervals of %d and %d calls: need 1 or more"
                    .formatted(givenInterval, generatedInterval));
        }
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share of " + share + " positions computed: needs 0 to 1");
        }
    }

    @Override
    public boolean leavesRowsOut() {
        return true;
    }

    @Override
    public boolean decidesByLayer() {
        return true;
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        Requirements.requireBidirectional(this, pattern, "keeps what later positions change");
        return new State() {
            private int length;
            private int from;
            private int to;
            private int call;

            @Override
            public ForwardPlan plan(Window window) {
                if (length != window.length()) {
                    // Rules may let more of the canvas be seen from call to call.
                    length = window.length();
                    call = 0;
                    int[] open = IntStream.range(0, window.length()).filter(window.masked()).toArray();
                    from = open.length == 0 ? window.length() : open[0];
                    to = open.length == 0 ? window.length() : open[open.length - 1] + 1;
                }
                Layers layers = new Layers(window.length(), from, to, call % givenInterval == 0, call % generatedInterval == 0);
                call++;
                return ForwardPlan.range(0, window.length(), _ -> window.length()).withControl(layers);
            }

            @Override
            public void applied(boolean edited) {}
        };
    }

    /// What the layers of one call compute. Rows are positions; `[from, to)` are the generated ones.
    private final class Layers implements LayerControl {
        private final int length;
        private final int from;
        private final int to;
        private final boolean given;
        private final boolean generated;

        Layers(int length, int from, int to, boolean given, boolean generated) {
            this.length = length;
            this.from = from;
            this.to = to;
            this.given = given;
            this.generated = generated;
        }

        @Override
        public boolean leavesRowsOut() {
            return true;
        }

        @Override
        public int[] renewed(int layer) {
            return layer > 0 && !generated && share > 0 ? IntStream.range(from, to).toArray() : new int[0];
        }

        @Override
        public int[] computed(LayerView view) {
            if (view.layer() == 0 || given && generated) {
                return IntStream.range(0, length).toArray();
            }
            IntStream others = IntStream.empty();
            if (given) {
                others = IntStream.concat(IntStream.range(0, from), IntStream.range(to, length));
            }
            IntStream own = IntStream.empty();
            if (generated) {
                own = IntStream.range(from, to);
            } else if (share > 0) {
                own = Arrays.stream(moved(view)).map(i -> from + i);
            }
            return IntStream.concat(others, own).sorted().toArray();
        }

        /// The generated positions whose values point farthest away from what they were, counted from the first.
        private int[] moved(LayerView view) {
            float[][] now = view.renewed();
            float[][] before = view.values(from, to);
            double[] similarity = IntStream.range(0, now.length).mapToDouble(i -> cosine(now[i], before[i])).toArray();
            return IntStream.range(0, now.length)
                    .boxed()
                    .sorted(Comparator.comparingDouble(i -> similarity[i]))
                    .limit((long) (now.length * share))
                    .mapToInt(i -> i)
                    .toArray();
        }
    }

    private static double cosine(float[] a, float[] b) {
        double product = 0;
        double aSquares = 0;
        double bSquares = 0;
        for (int i = 0; i < a.length; i++) {
            product += (double) a[i] * b[i];
            aSquares += (double) a[i] * a[i];
            bSquares += (double) b[i] * b[i];
        }
        return product / Math.max(Math.sqrt(aSquares * bSquares), Double.MIN_NORMAL);
    }

    @Override
    public String toString() {
        return "dllm-cache:" + givenInterval + "," + generatedInterval + "," + share;
    }
}
