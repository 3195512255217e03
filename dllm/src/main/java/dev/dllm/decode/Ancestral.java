package dev.dllm.decode;

import java.util.Arrays;
import java.util.Locale;

/// The reverse process of masked diffusion in as many equal steps as a span has, with tokens that may become masks again (ReMDM).
///
/// At the moment t, from 1 to 0, a share α of the positions is decided. In the step to the moment s a decided token becomes a mask with
/// the probability σ, and a mask is decided with (α(s) − (1 − σ) · α(t)) / (1 − α(t)): whatever σ, the share α(s) is decided then.
/// Without σ this is ancestral sampling; `conf` has a σ of its own for each decided token, and none for masks. It draws tokens as the
/// settings say; the last step takes the most probable token for every mask.
///
/// @param remasking how σ follows from the moment
/// @param eta       its size, in [0, 1]; without effect on `none` and `conf`
/// @see "ReMDM, arXiv:2503.00307; kuleshov-group/remdm, diffusion.py; MDLM, arXiv:2406.07524"
public record Ancestral(Remasking remasking, float eta) implements Unmasking {
    /// Where the loop of [Remasking#LOOP] begins and ends, and the share that is decided in it: the authors' own.
    private static final double LOOP_START = 0.55;
    private static final double LOOP_END = 0.05;
    private static final double LOOP_SHARE = 0.9;

    /// How likely a decided token becomes a mask. At most the probability for which nothing else would have to be decided.
    public enum Remasking {
        /// Never (MDLM).
        NONE(0),
        /// `eta`.
        CAP(0.008f),
        /// The share `eta` of the most.
        RESCALE(0.015f),
        /// The most, spread over the decided tokens of the span by softmax(−probability at their commit).
        CONF(1),
        /// `eta` between two moments, while the share of decided positions stands still; never before and behind.
        LOOP(0.02f);

        /// The authors' size.
        final float usual;

        Remasking(float usual) {
            this.usual = usual;
        }

        /// The name that rules are written with.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Ancestral {
        if (!(eta >= 0 && eta <= 1)) {
            throw new IllegalArgumentException("remasking of size " + eta + ": needs 0 to 1");
        }
    }

    @Override
    public boolean draws() {
        return true;
    }

    @Override
    public State start() {
        return new Chain();
    }

    private final class Chain implements State {
        /// Probability at the last commit, by position.
        private float[] committed = {};

        @Override
        public void decide(Step step, Edits edits) {
            Candidates candidates = step.candidates();
            BlockProgress progress = step.progress();
            if (progress.calls() >= progress.steps() - 1) {
                for (int i = 0; i < candidates.size(); i++) {
                    edits.add(candidates.position(i), candidates.best(i, _ -> true));
                }
                return;
            }
            Canvas canvas = step.canvas();
            committed = Arrays.copyOf(committed, canvas.length());
            double now = 1 - (double) progress.calls() / progress.steps();
            double next = 1 - (progress.calls() + 1.0) / progress.steps();
            mask(step, now, next, edits);
            double decided = decided(now, next);
            for (int i = 0; i < candidates.size(); i++) {
                int position = candidates.position(i);
                if (step.randomness().uniform(step.call(), position) < decided) {
                    committed[position] = candidates.probability(i);
                    candidates.commit(i, edits);
                }
            }
        }

        private void mask(Step step, double now, double next, Edits edits) {
            Canvas canvas = step.canvas();
            Span span = step.progress().span();
            double total = 0;
            for (int position = span.start(); position < span.end(); position++) {
                total += stands(canvas, position) ? Math.exp(-committed[position]) : 0;
            }
            for (int position = span.start(); position < span.end(); position++) {
                double sigma = remasking == Remasking.CONF
                        ? most(now, next) * Math.exp(-committed[position]) / total
                        : sigma(now, next);
                if (sigma > 0 && stands(canvas, position) && step.randomness().uniform(step.call(), position) < sigma) {
                    edits.add(position, canvas.maskId());
                }
            }
        }

        private static boolean stands(Canvas canvas, int position) {
            return !canvas.isFixed(position) && !canvas.isMasked(position);
        }

        @Override
        public boolean another(Pacing pacing, int masks, BlockProgress progress) {
            boolean mayMask = remasking != Remasking.NONE && !progress.begins() && progress.calls() < progress.steps();
            return mayMask || pacing.another(masks, progress);
        }
    }

    /// Share of positions that are decided at a moment.
    double share(double moment) {
        if (remasking != Remasking.LOOP) {
            return 1 - moment;
        }
        return moment > LOOP_START ? LOOP_SHARE * (1 - moment) / (1 - LOOP_START)
                : moment >= LOOP_END ? LOOP_SHARE
                : LOOP_SHARE + (1 - LOOP_SHARE) * (LOOP_END - moment) / LOOP_END;
    }

    /// Probability that a decided token becomes a mask, of all schedules but [Remasking#CONF], which spreads [#most].
    double sigma(double now, double next) {
        return switch (remasking) {
            case NONE, CONF -> 0;
            case CAP -> Math.min(eta, most(now, next));
            case RESCALE -> eta * most(now, next);
            case LOOP -> now <= LOOP_START && next >= LOOP_END ? Math.min(eta, most(now, next)) : 0;
        };
    }

    /// Probability that a mask is decided.
    double decided(double now, double next) {
        double before = share(now);
        return before >= 1 ? 1 : (share(next) - (1 - sigma(now, next)) * before) / (1 - before);
    }

    private double most(double now, double next) {
        return share(now) == 0 ? 1 : Math.min(1, (1 - share(next)) / share(now));
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return "ancestral:" + remasking + "," + eta;
    }
}
