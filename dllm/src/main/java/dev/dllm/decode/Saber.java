package dev.dllm.decode;

import java.util.Arrays;
import java.util.BitSet;

/// Goes faster as the text becomes surer, and takes back what loses ground. A call commits every mask that is surer than the
/// committed tokens were on average, at least a required number; then it masks again those tokens whose positions lost most
/// confidence since the last call: an eighth of what it committed, or half of the required number if that is more, but always
/// fewer than it committed. Nothing is taken back once the block is full.
///
/// @param atLeast commits per call, 1 or more
/// @param earlier whether masks return in earlier blocks as well, whose text has been reported as final; a block then ends when
///                none is left before its end, either. For comparison with the reference only
/// @see "Saber, arXiv:2510.18165; zhaoyMa/Saber, decoding.py"
public record Saber(int atLeast, boolean earlier) implements Unmasking {

    public Saber {
        if (atLeast < 1) {
            throw new IllegalArgumentException("at least " + atLeast + " commits per call: needs 1 or more");
        }
    }

    public Saber(int atLeast) {
        this(atLeast, false);
    }

    @Override
    public boolean looksBeyondSpan() {
        return earlier;
    }

    @Override
    public State start() {
        return new Memory();
    }

    /// What was thought of each position of the canvas.
    private final class Memory implements State {
        /// Confidence at the last commit, kept when the position is masked again; NaN if there was none.
        private float[] committed = {};
        /// Confidence at the last call that computed the position; −∞ where there was none, but 0 before the run.
        private float[] previous = {};
        /// Whether masks are left that this block has to fill.
        private boolean open;

        @Override
        public boolean wants(Canvas canvas, Span span, int position) {
            return position < span.end() && (earlier || position >= span.start()) && !canvas.isFixed(position);
        }

        @Override
        public void decide(Step step, Edits edits) {
            Canvas canvas = step.canvas();
            Candidates candidates = step.candidates();
            Span span = step.progress().span();
            if (committed.length == 0) {
                committed = new float[canvas.length()];
                Arrays.fill(committed, Float.NaN);
                previous = new float[canvas.length()];
            }
            double[] loss = losses(candidates, span, canvas.length());
            int[] chosen = chosen(canvas, candidates);
            BitSet written = new BitSet();
            for (int i : chosen) {
                committed[candidates.position(i)] = candidates.confidence(i);
                written.set(candidates.position(i), candidates.token(i) != canvas.maskId());
            }
            Span reach = new Span(earlier ? canvas.promptLength() : span.start(), span.end());
            open = written.cardinality() < canvas.masks(reach);
            BitSet returned = new BitSet();
            if (open) {
                int count = Math.min(Math.max(atLeast / 2, Math.ceilDiv(chosen.length, 8)), chosen.length - 1);
                Arrays.stream(Least.of(
                                reach,
                                position -> loss[position] < Double.POSITIVE_INFINITY
                                        && (written.get(position) || !canvas.isMasked(position)),
                                position -> loss[position],
                                count))
                        .forEach(returned::set);
            }
            for (int i : chosen) {
                if (!returned.get(candidates.position(i))) {
                    candidates.commit(i, edits);
                }
            }
            returned.andNot(written);
            returned.stream().forEach(position -> edits.add(position, canvas.maskId()));
        }

        @Override
        public boolean another(Pacing pacing, int masks, BlockProgress progress) {
            return open && !progress.begins() || pacing.another(masks, progress);
        }

        /// How much surer each position became, +∞ where that is not known.
        private double[] losses(Candidates candidates, Span span, int length) {
            double[] change = new double[length];
            Arrays.fill(change, Double.POSITIVE_INFINITY);
            for (int i = 0; i < candidates.size(); i++) {
                int position = candidates.position(i);
                double difference = candidates.confidence(i) - previous[position];
                change[position] = Double.isFinite(difference) ? difference : Double.POSITIVE_INFINITY;
                previous[position] = candidates.confidence(i);
            }
            Arrays.fill(previous, span.end(), length, Float.NEGATIVE_INFINITY);
            return change;
        }

        /// The masked entries that are surer than the average commit, or the required number.
        private int[] chosen(Canvas canvas, Candidates candidates) {
            double sum = 0;
            int count = 0;
            for (float confidence : committed) {
                if (!Float.isNaN(confidence)) {
                    sum += confidence;
                    count++;
                }
            }
            double average = count == 0 ? 1 : sum / count;
            int[] ranking = candidates.ranking(canvas);
            int surer = (int) Arrays.stream(ranking).filter(i -> candidates.confidence(i) > average).count();
            return Arrays.copyOf(ranking, Math.min(Math.max(surer, atLeast), ranking.length));
        }
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "saber:" + atLeast + (earlier ? ",earlier" : "");
    }
}
