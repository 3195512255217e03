package dev.dllm.decode;

import dev.dllm.model.CausalModel;
import dev.dllm.runtime.Proposals;
import java.util.Arrays;
import java.util.Optional;

/// Importance resampling by an energy: [Ancestral] sampling whose early calls draw the tokens of all masks several times over, and go on
/// with a candidate that a causal model favours.
///
/// A candidate weighs e to the power of −E, with the residual energy E = −ln p + ln q: p is the probability of the text by the causal
/// model, q that of the tokens at its masks as they were drawn, each on its own. One is drawn by weight; then masks are decided as
/// `ancestral` decides them, with its tokens. Time runs from 1 to 0 over the steps of a span, and calls from 1 down to 1 − `window`
/// choose. With one candidate this is `ancestral`, draw for draw.
///
/// This much is established by the paper's abstract. The rest is ours: temperature and filters count in q; the first candidate is what the
/// call proposes anyway; a text is judged up to the first mask that the call proposes nothing for, such as one of a later block; the last
/// call, which takes the most probable tokens, does not choose; and the numbers that a bare name stands for.
///
/// @param verifier   the causal model, of the same vocabulary
/// @param candidates drawn in a call that chooses, 1 or more; the verifier reads each in a call of its own
/// @param window     share of the time in which calls choose, in [0, 1]; 0 for the first call of a span alone
/// @see "Energy-Based Diffusion Language Models, arXiv:2410.21357"
public record Edlm(Optional<CausalModel> verifier, int candidates, float window) implements Verified {
    private static final Ancestral ANCESTRAL = new Ancestral(Ancestral.Remasking.NONE, 0);

    public Edlm {
        if (candidates < 1 || !(window >= 0 && window <= 1)) {
            throw new IllegalArgumentException("%d candidates in a window of %s: need 1 or more, and a number in [0, 1]"
                    .formatted(candidates, window));
        }
    }

    /// To be given a verifier.
    public Edlm(int candidates, float window) {
        this(Optional.empty(), candidates, window);
    }

    @Override
    public Edlm withVerifier(CausalModel verifier) {
        return new Edlm(Optional.of(verifier), candidates, window);
    }

    @Override
    public boolean needsVerifier() {
        return verifier.isEmpty() && candidates > 1;
    }

    @Override
    public void requireFits(DecodeSettings settings, boolean shifted) {
        if (candidates > 1 && !settings.sampling().draws()) {
            throw new IllegalArgumentException("unmasking rule '" + this + "' where the most probable tokens are taken: all candidates "
                    + "are the same; needs a temperature above 0, at which tokens are drawn");
        }
    }

    @Override
    public boolean draws() {
        return true;
    }

    @Override
    public State start() {
        return new Reader(verifier) {
            private final State ancestral = ANCESTRAL.start();

            @Override
            public void decide(Step step, Edits edits) {
                ancestral.decide(chooses(step.progress()) ? chosen(step) : step, edits);
            }

            /// The step with the tokens of the candidate that is drawn.
            private Step chosen(Step step) {
                Candidates drawn = step.candidates();
                int judged = judged(step.canvas(), drawn.positions());
                if (judged == 0) {
                    return step;
                }
                Proposals[] texts = new Proposals[candidates];
                double[] logWeights = new double[candidates];
                for (int i = 0; i < candidates; i++) {
                    texts[i] = i == 0 ? drawn.logits().given(drawn.proposals().tokens) : drawn.logits().drawn(keys(step, i));
                    logWeights[i] = logLikelihood(step.canvas(), drawn.positions(), judged, texts[i].tokens);
                    for (int j = 0; j < judged; j++) {
                        logWeights[i] -= Math.log(texts[i].probability[j]);
                    }
                }
                double largest = Arrays.stream(logWeights).max().orElseThrow();
                double[] weights = Arrays.stream(logWeights).map(weight -> Math.exp(weight - largest)).toArray();
                double uniform = step.randomness().again(candidates).uniform(step.call(), drawn.position(0));
                Candidates chosen = new Candidates(
                        drawn.positions(), texts[Masses.at(uniform, weights)], drawn.confidence(), drawn.logits());
                return new Step(
                        step.canvas(), chosen, step.copies(), step.progress(), step.call(), step.randomness(), step.stop());
            }

            /// Of the text with these tokens at the first `judged` masks, up to the next one; what stands before them is left out, which is
            /// the same for all candidates.
            private double logLikelihood(Canvas canvas, int[] masks, int judged, int[] tokens) {
                int last = masks[0] - 1;
                int[] text = canvas.copy(last, canvas.firstMask(masks[judged - 1] + 1));
                for (int i = 0; i < judged; i++) {
                    text[masks[i] - last] = tokens[i];
                }
                CausalModel.Reading reading = text(canvas, last);
                float[][] rows = reading.read(Arrays.copyOf(text, text.length - 1), 0);
                reading.cut(last);
                double total = 0;
                for (int i = 0; i < rows.length; i++) {
                    total += text[i + 1] < rows[i].length
                            ? rows[i][text[i + 1]] - LogitRows.logTotal(rows[i])
                            : Double.NEGATIVE_INFINITY;
                }
                return total;
            }
        };
    }

    private boolean chooses(BlockProgress progress) {
        return candidates > 1 && progress.calls() <= window * progress.steps() && progress.calls() < progress.steps() - 1;
    }

    /// How many of the proposed masks are the first ones of the canvas, with none between them.
    private static int judged(Canvas canvas, int[] proposed) {
        int judged = 0;
        int mask = canvas.firstMask(0);
        while (judged < proposed.length && proposed[judged] == mask) {
            judged++;
            mask = canvas.firstMask(mask + 1);
        }
        return judged;
    }

    private static long[] keys(Step step, int candidate) {
        Randomness other = step.randomness().again(candidate);
        return Arrays.stream(step.candidates().positions()).mapToLong(position -> other.key(step.call(), position)).toArray();
    }

    @Override
    public Pacing pacing() {
        return ANCESTRAL.pacing();
    }

    @Override
    public String toString() {
        return "edlm:" + candidates + "," + window;
    }
}
