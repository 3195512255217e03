package dev.dllm.decode;

import dev.dllm.model.CausalModel;
import java.util.Optional;

/// Adaptive parallel decoding: from left to right, as many proposals at once as a causal model agrees with.
///
/// The first mask is committed in any case, and then every next one whose proposal is the arg-max of the mixture
/// `weight · logits + (1 − weight) · verifier's logits`. The verifier has read everything before it, earlier proposals
/// included. A weight of 1 needs no verifier and commits all proposals, as far as `atMost` lets it.
///
/// @param verifier  the causal model, of the same vocabulary
/// @param weight    share of the diffusion model, in [0, 1]
/// @param atMost    masks committed in a call, 1 or more
/// @param lookahead masks that a call computes, 1 or more; what stands behind them is neither computed nor seen
/// @see "APD, arXiv:2506.00413; danielmisrael/apd"
public record Adaptive(Optional<CausalModel> verifier, float weight, int atMost, int lookahead) implements Verified {

    public Adaptive {
        if (!(weight >= 0 && weight <= 1)) {
            throw new IllegalArgumentException("mixture weight " + weight + ": needs a number in [0, 1]");
        }
        if (atMost < 1 || lookahead < 1) {
            throw new IllegalArgumentException("at most " + atMost + " commits per call and a lookahead of " + lookahead
                    + ": need 1 or more");
        }
    }

    /// To be given a verifier.
    public Adaptive(float weight, int lookahead) {
        this(Optional.empty(), weight, DecodeSettings.WHOLE, lookahead);
    }

    @Override
    public Adaptive withVerifier(CausalModel verifier) {
        return new Adaptive(Optional.of(verifier), weight, atMost, lookahead);
    }

    @Override
    public boolean needsVerifier() {
        return verifier.isEmpty() && weight < 1;
    }

    @Override
    public State start() {
        return new Reader(verifier) {
            @Override
            public boolean wants(Canvas canvas, Span span, int position) {
                return position < horizon(canvas) && super.wants(canvas, span, position);
            }

            @Override
            public int horizon(Canvas canvas) {
                return (int) Math.min(canvas.length(), (long) canvas.firstMask(0) + lookahead);
            }

            @Override
            public void decide(Step step, Edits edits) {
                Candidates drafts = step.candidates();
                int count = drafts.firstRun();
                int agreed = verifier.isPresent() ? agreed(step.canvas(), drafts, count) : count;
                for (int i = 0; i < Math.min(agreed, atMost); i++) {
                    drafts.commit(i, edits);
                }
            }

            private int agreed(Canvas canvas, Candidates drafts, int count) {
                CausalModel.Reading text = text();
                int first = drafts.position(0);
                int read = text.length();
                int[] tokens = canvas.copy(read, first + count);
                for (int i = 0; i < count; i++) {
                    tokens[first - read + i] = drafts.token(i);
                }
                float[][] rows = text.read(tokens, first - read);
                int accepted = 1;
                while (accepted < Math.min(count, atMost)
                        && mixed(drafts.logits().row(accepted), rows[accepted - 1]) == drafts.token(accepted)) {
                    accepted++;
                }
                text.cut(first + accepted);
                return accepted;
            }
        };
    }

    /// The arg-max of the mixture; ids that one of the models lacks are left out.
    private int mixed(float[] logits, float[] verifiers) {
        int best = 0;
        float most = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < Math.min(logits.length, verifiers.length); id++) {
            float value = weight * logits[id] + (1 - weight) * verifiers[id];
            if (value > most) {
                most = value;
                best = id;
            }
        }
        return best;
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "apd:" + weight + "," + lookahead + (atMost == DecodeSettings.WHOLE ? "" : "," + atMost);
    }
}
