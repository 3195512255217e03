package dev.dllm.decode;

/// Lowers the logit of the token that stands to the left, so that a text does not stutter. The first position of a span goes
/// without: what stands to its left is another block's.
///
/// @param penalty subtracted from the logit, 0 or more
/// @see "sgl-project/sglang, srt/dllm/algorithm/joint_threshold.py (penalty_lambda)"
public record LeftPenalty(float penalty) implements LogitHook {

    public LeftPenalty {
        if (!(penalty >= 0) || !Float.isFinite(penalty)) {
            throw new IllegalArgumentException("penalty " + penalty + ": needs 0 or a positive number");
        }
    }

    @Override
    public State start() {
        return (canvas, span, positions, rows) -> {
            for (int i = 0; i < positions.length; i++) {
                if (positions[i] > span.start()) {
                    rows.row(i)[canvas.token(positions[i] - 1)] -= penalty;
                }
            }
        };
    }

    @Override
    public String toString() {
        return "left-penalty:" + penalty;
    }
}
