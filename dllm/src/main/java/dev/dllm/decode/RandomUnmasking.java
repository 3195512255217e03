package dev.dllm.decode;

/// Commits each masked position with the probability by which Dream's noise level falls in the call, whatever the model's
/// confidence: the reverse process as it was trained. The last call commits everything.
///
/// @see "HKUNLP/Dream, generation_utils.py (alg origin); arXiv:2508.15487"
public record RandomUnmasking() implements Unmasking {

    @Override
    public boolean draws() {
        return true;
    }

    @Override
    public State start() {
        return (step, edits) -> {
            BlockProgress progress = step.progress();
            boolean last = progress.calls() >= progress.steps() - 1;
            float released = last ? 1 : Timesteps.released(progress.calls(), progress.steps());
            for (int i = 0; i < step.candidates().size(); i++) {
                if (last || step.randomness().uniform(step.call(), step.candidates().position(i)) < released) {
                    step.candidates().commit(i, edits);
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
        return "random";
    }
}
