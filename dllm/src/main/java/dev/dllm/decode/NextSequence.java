package dev.dllm.decode;

/// Next-sequence prediction: a window of a few positions follows the text, and of what it proposes, the longest beginning is
/// committed of which the model is sure. The window begins with the last token, so that a window of one position is a causal
/// language model that writes token by token.
///
/// @param threshold confidence that each proposal must exceed; the first one is committed in any case
/// @param width     positions of the window, the last token included, 1 or more; a checkpoint is trained for one width
/// @see "SDLM (next sequence prediction), arXiv:2509.24007; OpenGVLab/SDLM, sdlm/model/sdlm_qwen2_5/generate_utils.py"
public record NextSequence(float threshold, int width) implements Unmasking {
    /// As most checkpoints are trained.
    public static final int DEFAULT_WIDTH = 4;

    public NextSequence {
        if (Float.isNaN(threshold) || width < 1) {
            throw new IllegalArgumentException("threshold %s and a window of %d: need a number, and 1 or more".formatted(threshold, width));
        }
    }

    @Override
    public void requireFits(DecodeSettings settings, boolean shifted) {
        LeftToRight.requireFits(this, width, settings, shifted);
    }

    @Override
    public int lookahead() {
        return width;
    }

    @Override
    public State start() {
        return new LeftToRight.Window(width) {
            @Override
            public void decide(Step step, Edits edits) {
                Candidates proposed = step.candidates();
                int run = proposed.firstRun();
                for (int i = 0; i < run && (i == 0 || proposed.confidence(i) > threshold); i++) {
                    proposed.commit(i, edits);
                }
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "sdlm:" + threshold + "," + width;
    }
}
