package dev.dllm.decode;

import java.util.Locale;

/// At every call all generated positions of the span are ranked by how sure the model is of what it would write there, and the least
/// sure, ever fewer of them, become masks again. All other masks are committed.
///
/// Path planning (P2) leaves what has been committed as it is, and ends once no mask is left. The sampler of reparameterized diffusion
/// (RDM) writes the newest proposals there too, and makes all calls that are allotted.
///
/// @param revises whether committed tokens that stay become what the model now proposes
/// @param curve   how the share of masks falls with the steps
/// @see "Path Planning for Masked Diffusion, arXiv:2502.03540; pengzhangzhi/Open-dLLM, generation_utils.py (p2)"
/// @see "A Reparameterized Discrete Diffusion Model for Text Generation, arXiv:2302.05737; HKUNLP/reparam-discrete-diffusion"
public record Renoising(boolean revises, Curve curve) implements Unmasking {

    /// The share of positions that are masks after a share of the steps: from 1 to 0.
    public enum Curve {
        LINEAR,
        COSINE;

        /// @param done share of the steps, the call at hand included, in (0, 1]; beyond 1 as at 1
        double masked(double done) {
            return Math.max(0, this == LINEAR ? 1 - done : Math.cos(Math.min(1, done) * Math.PI / 2));
        }
    }

    @Override
    public State start() {
        return new Revising() {
            @Override
            public void decide(Step step, Edits edits) {
                Canvas canvas = step.canvas();
                Candidates candidates = step.candidates();
                int[] ranking = candidates.ranking(_ -> true);
                double done = (step.progress().calls() + 1.0) / step.progress().steps();
                int committed = ranking.length - (int) (ranking.length * curve.masked(done));
                for (int rank = 0; rank < ranking.length; rank++) {
                    int position = candidates.position(ranking[rank]);
                    if (rank >= committed) {
                        edits.add(position, canvas.maskId());
                    } else if (revises || canvas.isMasked(position)) {
                        candidates.commit(ranking[rank], edits);
                    }
                }
            }
        };
    }

    @Override
    public Pacing pacing() {
        return revises ? new Pacing.Fixed() : new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return (revises ? "rdm" : "path-planning") + (curve == Curve.LINEAR ? "" : ":" + curve.name().toLowerCase(Locale.ROOT));
    }
}
