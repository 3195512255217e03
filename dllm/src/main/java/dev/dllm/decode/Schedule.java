package dev.dllm.decode;

/// Commits the most confident masked positions, as many per call as a schedule says: the masks that the block held at its
/// start, spread evenly over its steps (low-confidence remasking).
///
/// @see "ML-GSAI/LLaDA, generate.py; arXiv:2502.09992"
public record Schedule() implements Unmasking {

    @Override
    public State start() {
        return new State() {
            @Override
            public boolean wants(Canvas canvas, int position) {
                return canvas.isMasked(position);
            }

            @Override
            public void decide(Canvas canvas, Candidates candidates, BlockProgress progress, Edits edits) {
                candidates.commitBest(canvas, progress.evenShare(progress.masksAtStart()), edits);
            }
        };
    }

    @Override
    public Pacing pacing(int steps) {
        return new Pacing.UpTo(steps);
    }

    @Override
    public String toString() {
        return "schedule";
    }
}
