package dev.dllm.decode;

import java.util.Locale;

/// Commits every masked position above a threshold, and everything in the last step. A call without any falls back to Dream's
/// clock: it moves on from where the masks that are left stand, to the first moment that releases one or more.
///
/// @param threshold confidence above which a mask is committed; entropy, which is never above 0, always falls back
/// @param fallback  which positions are committed then
/// @see "Dimple, arXiv:2505.16990; yu-rp/Dimple, generation utilities (pipeline dim)"
public record ConfidentDecoding(float threshold, Fallback fallback) implements Unmasking {

    /// Which positions a call commits when none is sure enough.
    public enum Fallback {
        /// As many as the clock releases, the surest.
        SUREST,
        /// As many as the clock releases, a random choice.
        RANDOM,
        /// Each with the probability that the clock gives; there may be none.
        RATIO,
        /// The leftmost one alone.
        LEFTMOST;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @throws IllegalArgumentException if the threshold is not a number
    public ConfidentDecoding {
        if (!Float.isFinite(threshold)) {
            throw new IllegalArgumentException("confidence threshold " + threshold + ": needs a number");
        }
    }

    @Override
    public boolean draws() {
        return fallback == Fallback.RANDOM || fallback == Fallback.RATIO;
    }

    @Override
    public State start() {
        return (step, edits) -> {
            Candidates candidates = step.candidates();
            BlockProgress progress = step.progress();
            boolean last = progress.calls() >= progress.steps() - 1;
            candidates.commitAbove(step.canvas(), last ? Float.NEGATIVE_INFINITY : threshold, false, 0, edits);
            if (edits.size() == 0) {
                fallBack(step, edits);
            }
        };
    }

    private void fallBack(Step step, Edits edits) {
        Candidates candidates = step.candidates();
        Canvas canvas = step.canvas();
        int masks = canvas.masks(step.progress().span());
        float released = released(masks, step.progress());
        int count = (int) (masks * released);
        switch (fallback) {
            case SUREST -> candidates.commitBest(canvas, count, edits);
            case RANDOM -> candidates.ranked(Confidence.RANDOM, step).commitBest(canvas, count, edits);
            case LEFTMOST -> candidates.ranked(Confidence.LEFTMOST, step).commitBest(canvas, 1, edits);
            case RATIO -> {
                for (int i = 0; i < candidates.size(); i++) {
                    if (step.randomness().uniform(step.call(), candidates.position(i)) < released) {
                        candidates.commit(i, edits);
                    }
                }
            }
        }
    }

    /// The share of the masks that the next moment releases which releases any; all if there is none.
    private static float released(int masks, BlockProgress progress) {
        float left = (float) masks / progress.masksAtStart();
        for (int i = progress.calls() + 1; i < progress.steps(); i++) {
            float released = 1 - Timesteps.at(i, progress.steps()) / left;
            if ((int) (masks * released) >= 1) {
                return released;
            }
        }
        return 1;
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return "confident:" + threshold + (fallback == Fallback.SUREST ? "" : "," + fallback);
    }
}
