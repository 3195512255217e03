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
import java.util.stream.IntStream;

/// d2Cache: after a first call over everything, a call computes the masks that are likely to be decided next, what the call
/// before decided, and the positions that the attention of the call before led to; the rest is seen as it was stored.
///
/// Masks are ranked by the model's confidence times the [DecidedShare] around them, those of the block first. Where attention
/// leads is its rollout: through all layers, half of a row staying where it is and half going where the row attends, averaged
/// over heads; a row that was not computed stays. Of a shifted model the rows that predict the chosen masks are computed.
///
/// The first call keeps a number per layer and pair of positions until the second one is planned.
///
/// @param masks   to be computed per call, 1 or more
/// @param nucleus share of the rollout, of the positions that are not computed anyhow, that the added positions hold at most;
///                one is added in any case
/// @param width   of the curve that weighs what is decided around a mask, in positions, above 0
/// @param fill    two computed positions at most this far apart have those between them computed too; 0 for never
/// @param quirks  ranks by the first call's confidences for the whole run, decides masks that were not computed, see
///                [#guessesLeftOut], and computes the row before the generated part of a shifted model only for what it
///                predicts. For comparison with the reference only
/// @see "d2Cache, arXiv:2509.23094; Kamichanw/d2Cache, src/cache/d2cache.py"
public record D2Cache(int masks, double nucleus, double width, int fill, boolean quirks) implements CachePolicy {
    private static final double EPSILON = 1e-9;

    public D2Cache {
        if (masks < 1 || fill < 0) {
            throw new IllegalArgumentException("%d masks computed per call, gaps of %d filled: needs 1 or more, and 0 or more"
                    .formatted(masks, fill));
        }
        if (!(nucleus >= 0 && nucleus <= 1) || !(width > 0) || !Double.isFinite(width)) {
            throw new IllegalArgumentException("a rollout nucleus of %s and a width of %s: needs 0 to 1, and a positive number"
                    .formatted(nucleus, width));
        }
    }

    @Override
    public boolean decidesByLayer() {
        return true;
    }

    @Override
    public boolean ranksMasks() {
        return true;
    }

    @Override
    public boolean guessesLeftOut() {
        return quirks;
    }

    @Override
    public State start(AttentionPattern pattern, boolean shifted) {
        Requirements.requireBidirectional(this, pattern, "keeps what later positions change");
        return new Selection(shifted);
    }

    /// What the last call computed and knew.
    private final class Selection implements State {
        private final boolean shifted;
        private final Rollout rollout = new Rollout();
        private double[] confidence = {};
        private boolean ranked;
        private int from;
        private int to;
        private BitSet open = new BitSet();
        private int blockStart;
        private int blockEnd;

        Selection(boolean shifted) {
            this.shifted = shifted;
        }

        @Override
        public ForwardPlan plan(Window window) {
            BitSet now = new BitSet(window.length());
            IntStream.range(0, window.length()).filter(window.masked()).forEach(now::set);
            int[] computed;
            if (rollout.length != window.length()) {
                // The first call, or one that sees more of the canvas, as rules may let it.
                computed = IntStream.range(0, window.length()).toArray();
                from = Math.max(0, now.nextSetBit(0));
                to = Math.max(from, now.length());
                confidence = new double[window.length()];
            } else {
                computed = selected(window, now);
            }
            open = now;
            blockStart = window.blockStart();
            blockEnd = window.blockEnd();
            rollout.start(computed, window.length());
            return ForwardPlan.at(computed, _ -> window.length()).withControl(rollout);
        }

        @Override
        public void proposed(int[] positions, float[] sure) {
            if (!quirks || !ranked) {
                for (int i = 0; i < positions.length; i++) {
                    confidence[positions[i]] = sure[i];
                }
            }
            ranked = true;
        }

        @Override
        public void applied(boolean edited) {}

        /// @param now which positions are masks
        private int[] selected(Window window, BitSet now) {
            int[] chosen = chosen(window, now);
            BitSet rows = (BitSet) open.clone();
            rows.andNot(now);
            for (int position : chosen) {
                if (!shifted) {
                    rows.set(position);
                } else if (position > from) {
                    // The row before the first generated position comes last, as the reference has it.
                    rows.set(position - 1);
                }
            }
            nucleus(rollout.importance(), rows);
            if (shifted && from > 0) {
                boolean predicts = Arrays.stream(chosen).anyMatch(position -> position == from);
                rows.set(from - 1, predicts || !quirks && rows.get(from - 1));
            }
            int last = -1;
            for (int row = rows.nextSetBit(0); row >= 0; row = rows.nextSetBit(row + 1)) {
                if (last >= 0 && row - last <= fill) {
                    rows.set(last, row);
                }
                last = row;
            }
            return rows.stream().toArray();
        }

        /// The masks that are likely to be decided next.
        private int[] chosen(Window window, BitSet now) {
            DecidedShare decided = new DecidedShare(window.masked(), from, to, width);
            double[] scores = new double[to - from];
            for (int i = 0; i < scores.length; i++) {
                double sure = confidence[from + i];
                double share = decided.at(from + i);
                scores[i] = quirks || sure >= 0 ? sure * share : sure / share;
            }
            double largest = Arrays.stream(scores).max().orElse(0);
            double smallest = Arrays.stream(scores).min().orElse(0);
            BitSet block = (BitSet) open.clone();
            block.clear(0, blockStart);
            block.clear(Math.min(blockEnd, block.length()), block.length());
            if (block.isEmpty()) {
                block.set(window.blockStart(), window.blockEnd());
                block.and(now);
            }
            block.stream().forEach(position -> scores[position - from] += quirks ? largest : largest - smallest);
            if (block.isEmpty()) {
                return new int[0];
            }
            int size = block.cardinality();
            int farthest = now.stream().skip(masks - 1L).findFirst().orElse(to - 1) - from;
            int end = Math.min(to, from + (farthest / size + 1) * size);
            return now.stream()
                    .filter(position -> position >= block.nextSetBit(0) && position < end)
                    .boxed()
                    .sorted(Comparator.comparingDouble(position -> -scores[position - from]))
                    .limit(masks)
                    .mapToInt(position -> position)
                    .sorted()
                    .toArray();
        }

        /// Adds the positions where most of the rollout went.
        private void nucleus(double[] importance, BitSet rows) {
            int[] others = IntStream.range(0, importance.length).filter(row -> !rows.get(row)).toArray();
            double total = Arrays.stream(others).mapToDouble(row -> importance[row]).sum() + EPSILON;
            int[] ranking = Arrays.stream(others)
                    .boxed()
                    .sorted(Comparator.comparingDouble(row -> -importance[row]))
                    .mapToInt(row -> row)
                    .toArray();
            double sum = 0;
            for (int rank = 0; rank < ranking.length; rank++) {
                sum += importance[ranking[rank]] / total;
                if (rank > 0 && sum > nucleus) {
                    return;
                }
                rows.set(ranking[rank]);
            }
        }
    }

    /// Watches where attention goes in every layer of a call.
    private static final class Rollout implements LayerControl {
        private int[] rows = {};
        private int length;
        private final List<float[][]> layers = new ArrayList<>();

        /// @param rows   that the call computes
        /// @param length of what they see
        void start(int[] rows, int length) {
            this.rows = rows;
            this.length = length;
            layers.clear();
        }

        @Override
        public List<KeyGroup> groups(List<KeyGroup> planned, LayerView view) {
            layers.add(view.attention(length));
            return planned;
        }

        /// How much of all rows came from each position: the column sums of the product of all layers, from the last one down.
        double[] importance() {
            double[] importance = new double[length];
            Arrays.fill(importance, 1);
            for (float[][] attention : layers.reversed()) {
                double[] before = importance.clone();
                for (int row = 0; row < rows.length; row++) {
                    double half = importance[rows[row]] / 2;
                    before[rows[row]] -= half;
                    for (int slot = 0; slot < length; slot++) {
                        before[slot] += half * attention[row][slot];
                    }
                }
                importance = before;
            }
            return importance;
        }
    }

    @Override
    public String toString() {
        return "d2cache:" + masks + "," + nucleus + "," + width + "," + fill;
    }
}
