package dev.dllm.decode;

import java.util.Arrays;

/// Path planning (P2): at every call all generated positions are ranked anew, and a share that shrinks linearly with the
/// steps, the least sure, becomes masks again; every mask outside it is committed.
///
/// @see "Path Planning for Masked Diffusion, arXiv:2502.03540; pengzhangzhi/Open-dLLM, generation_utils.py (p2)"
public record PathPlanning() implements Unmasking {

    @Override
    public State start() {
        return new State() {
            @Override
            public boolean wants(Canvas canvas, Span span, int position) {
                return span.contains(position) && !canvas.isFixed(position);
            }

            @Override
            public void decide(Step step, Edits edits) {
                Canvas canvas = step.canvas();
                Candidates candidates = step.candidates();
                int[] ranking = candidates.ranking(_ -> true);
                int steps = step.progress().steps();
                int open = (int) (ranking.length * Math.max(0, 1 - (step.progress().calls() + 1.0) / steps));
                int committed = ranking.length - open;
                for (int i : Arrays.copyOf(ranking, committed)) {
                    if (canvas.isMasked(candidates.position(i))) {
                        candidates.commit(i, edits);
                    }
                }
                for (int rank = committed; rank < ranking.length; rank++) {
                    edits.add(candidates.position(ranking[rank]), canvas.maskId());
                }
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return "path-planning";
    }
}
