package dev.dllm.decode;

import dev.dllm.runtime.Proposals;

/// The proposals of one call, by position, ascending. Valid until the next call.
///
/// @param positions what each entry is a proposal for
/// @param proposals entry `i` belongs to `positions[i]`
public record Candidates(int[] positions, Proposals proposals) {

    public int size() {
        return positions.length;
    }

    public int position(int i) {
        return positions[i];
    }

    /// The proposed token.
    public int token(int i) {
        return proposals.tokens[i];
    }

    /// How sure the model is of it, in [0, 1].
    public float confidence(int i) {
        return proposals.probability[i];
    }

    /// Commits the `count` most confident masked positions, or all if there are fewer. The lowest position wins ties.
    void commitBest(Canvas canvas, int count, Edits edits) {
        boolean[] taken = new boolean[size()];
        for (int n = 0; n < count; n++) {
            int best = -1;
            for (int i = 0; i < size(); i++) {
                if (!taken[i] && canvas.isMasked(positions[i]) && (best < 0 || confidence(i) > confidence(best))) {
                    best = i;
                }
            }
            if (best < 0) {
                return;
            }
            taken[best] = true;
            edits.add(positions[best], token(best));
        }
    }

    /// Commits every masked position above `threshold` if they are at least `atLeast`, else the `atLeast` most confident.
    void commitAbove(Canvas canvas, float threshold, int atLeast, Edits edits) {
        int above = 0;
        for (int i = 0; i < size(); i++) {
            if (canvas.isMasked(positions[i]) && confidence(i) > threshold) {
                above++;
            }
        }
        if (above < atLeast) {
            commitBest(canvas, atLeast, edits);
            return;
        }
        for (int i = 0; i < size(); i++) {
            if (canvas.isMasked(positions[i]) && confidence(i) > threshold) {
                edits.add(positions[i], token(i));
            }
        }
    }
}
