package dev.dllm.decode;

/// Commits the surest masked positions, as many per call as a quota says.
///
/// @param quota how many
/// @see "ML-GSAI/LLaDA, generate.py; arXiv:2502.09992"
public record Schedule(Quota quota) implements Unmasking {

    /// Spread evenly over the steps.
    public Schedule() {
        this(Quota.EVEN);
    }

    @Override
    public State start() {
        return (step, edits) -> step.candidates()
                .commitBest(step.canvas(), quota.count(step.progress(), step.canvas().masks(step.progress().span())), edits);
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return quota == Quota.EVEN ? "schedule" : "schedule:" + quota;
    }
}
