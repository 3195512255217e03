package dev.dllm.decode;

/// Token editing: masks above one threshold are committed, and committed tokens of the block are revised where the model
/// now proposes another token above a second threshold. The prompt is never edited. A block ends when it holds no mask and
/// the last call revised nothing, or after `maxPostSteps` calls on a block without masks.
///
/// @param threshold        confidence above which a mask is committed
/// @param editingThreshold confidence above which a committed token is replaced; 0 replaces whenever the proposal differs
/// @param atLeast          masks committed per call when fewer are above the threshold, 1 or more
/// @param maxPostSteps     calls on a block whose masks are gone, 0 or more
/// @see "inclusionAI/LLaDA2.1, modeling_llada2_moe.py (generate); arXiv:2602.08676"
public record Editing(float threshold, float editingThreshold, int atLeast, int maxPostSteps) implements Unmasking {
    /// Calls that the authors allow on a block without masks.
    static final int DEFAULT_POST_STEPS = 16;

    public Editing {
        requireThresholds(threshold, editingThreshold, maxPostSteps);
        if (atLeast < 1) {
            throw new IllegalArgumentException("editing with at least " + atLeast + " commits per call: needs 1 or more");
        }
    }

    /// @throws IllegalArgumentException if a number is out of range
    static void requireThresholds(float threshold, float editingThreshold, int maxPostSteps) {
        if (!Float.isFinite(threshold) || !Float.isFinite(editingThreshold)) {
            throw new IllegalArgumentException(
                    "thresholds " + threshold + " and " + editingThreshold + ": need two numbers");
        }
        if (maxPostSteps < 0) {
            throw new IllegalArgumentException("editing with " + maxPostSteps + " post steps: needs 0 or more");
        }
    }

    public Editing(float threshold, float editingThreshold) {
        this(threshold, editingThreshold, 1, DEFAULT_POST_STEPS);
    }

    @Override
    public State start() {
        return new Revising() {
            @Override
            public void decide(Step step, Edits edits) {
                Canvas canvas = step.canvas();
                Candidates candidates = step.candidates();
                candidates.commitAbove(canvas, threshold, false, atLeast, edits);
                for (int i = 0; i < candidates.size(); i++) {
                    int position = candidates.position(i);
                    if (!canvas.isMasked(position)
                            && candidates.token(i) != canvas.token(position)
                            && candidates.confidence(i) > editingThreshold) {
                        candidates.commit(i, edits);
                    }
                }
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilStable(maxPostSteps);
    }

    @Override
    public String toString() {
        return "edit:" + threshold + "," + editingThreshold
                + (atLeast == 1 && maxPostSteps == DEFAULT_POST_STEPS ? "" : "," + atLeast + "," + maxPostSteps);
    }
}
