package dev.dllm.decode;

import java.util.Arrays;

/// Commits what a policy picks that has learnt to: it says of every mask how likely it is to be unmasked, and each is drawn on its own. A
/// call that draws none commits the most probable one; the lowest position wins ties.
///
/// The policy is the application's, and so is its file. The paper's is a transformer of one layer over what a [Policy] is shown;
/// its sizes and the form of its files are not published, so none is read here, and the rule has no name on the command line.
///
/// @param policy      thread-safe
/// @param temperature divides the logit of each probability: 1 leaves it as it is, more evens masks out, less commits only what the
///                    policy favours; 0 draws nothing and takes the masks above 1/2
/// @see "Learning Unmasking Policies for Diffusion Language Models, arXiv:2512.09106"
public record Learned(Policy policy, float temperature) implements Unmasking {

    /// Which masks of a span are unmasked next.
    @FunctionalInterface
    public interface Policy {
        /// @param confidence of the model in what it proposes for each position of the span, as the settings measure it; 1 for text and 0
        ///                   for masks that the call proposes nothing for
        /// @param masked     which of them are masks; both arrays are the policy's to change
        /// @return probability in [0, 1] of each position of the span to be unmasked; of no effect where there is no mask
        float[] unmask(float[] confidence, boolean[] masked);
    }

    public Learned {
        if (!(temperature >= 0) || !Float.isFinite(temperature)) {
            throw new IllegalArgumentException("policy temperature " + temperature + ": needs 0 or a positive number");
        }
    }

    @Override
    public boolean draws() {
        return temperature > 0;
    }

    @Override
    public State start() {
        return (Revising) this::decide;
    }

    private void decide(Step step, Edits edits) {
        Candidates candidates = step.candidates();
        float[] probability = asked(step);
        int start = step.progress().span().start();
        int best = -1;
        for (int i = 0; i < candidates.size(); i++) {
            int position = candidates.position(i);
            if (!step.canvas().isMasked(position)) {
                continue;
            }
            float own = probability[position - start];
            best = best < 0 || own > probability[candidates.position(best) - start] ? i : best;
            if (temperature == 0 ? own > 0.5f : step.randomness().uniform(step.call(), position) < tempered(own)) {
                candidates.commit(i, edits);
            }
        }
        if (!edits.any() && best >= 0) {
            candidates.commit(best, edits);
        }
    }

    /// What the policy says of each position of the span.
    private float[] asked(Step step) {
        Span span = step.progress().span();
        boolean[] masked = new boolean[span.length()];
        float[] confidence = new float[span.length()];
        for (int i = 0; i < masked.length; i++) {
            masked[i] = step.canvas().isMasked(span.start() + i);
            confidence[i] = masked[i] ? 0 : 1;
        }
        for (int i = 0; i < step.candidates().size(); i++) {
            confidence[step.candidates().position(i) - span.start()] = step.candidates().confidence(i);
        }
        float[] probability = policy.unmask(confidence, masked);
        if (probability.length != masked.length) {
            throw new IllegalArgumentException(
                    "an unmasking policy answered with %d probabilities for a span of %d positions: needs one each"
                            .formatted(probability.length, masked.length));
        }
        for (float one : probability) {
            if (!(one >= 0 && one <= 1)) {
                throw new IllegalArgumentException(
                        "an unmasking policy answered with " + Arrays.toString(probability) + ": needs numbers in [0, 1]");
            }
        }
        return probability;
    }

    private double tempered(double probability) {
        return 1 / (1 + Math.exp(-Math.log(probability / (1 - probability)) / temperature));
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    /// How it is named in reports; no name is read.
    @Override
    public String toString() {
        return "learned policy at temperature " + temperature;
    }
}
