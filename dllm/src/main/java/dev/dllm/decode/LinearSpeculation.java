package dev.dllm.decode;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Linear speculation of a model that reads as a causal language model and denoises blocks as well: in one call it denoises a window
/// behind the last token, all masks at once; in the next one it reads what that proposes, from left to right. As many proposals are
/// committed as the reading agrees with, then the token that the reading has in the place of the first other one.
///
/// So the text is, to the bit, what the causal model writes token by token, whatever is proposed. The keys and values of what is
/// committed are computed once more with the next window, those of the rest are forgotten.
///
/// @param width positions of the window, the last token included, 2 or more
/// @see "Nemotron-Labs-Diffusion, arXiv:2607.05722; sgl-project/sglang, srt/dllm/algorithm/linear_spec.py"
public record LinearSpeculation(int width) implements Unmasking {
    /// As the released models were trained.
    public static final int DEFAULT_WIDTH = 32;

    public LinearSpeculation {
        if (width < 2) {
            throw new IllegalArgumentException("a window of " + width + ": needs 2 or more");
        }
    }

    @Override
    public void requireFits(DecodeSettings settings, boolean shifted) {
        LeftToRight.requireFits(this, width, settings, shifted);
        Drafted.requireFits(this, settings);
    }

    @Override
    public int copiedRows(int planned, int span) {
        return Math.min(width, span);
    }

    @Override
    public int lookahead() {
        return width;
    }

    @Override
    public State start() {
        return new LeftToRight.Window(width) {
            /// What stands behind the last draft of a block is not asked for, so that this one is not read.
            @Override
            public Optional<Copies> copies(Canvas canvas, Span span) {
                if (!hasDrafts()) {
                    return Optional.empty();
                }
                int start = canvas.firstMask(span.start());
                int count = Math.min(drafts.length, span.end() - start - 1);
                return Optional.of(new Copies.Continuations(
                        start,
                        count == 0 ? List.of() : List.of(new Copies.Continuation(Arrays.copyOf(drafts, count), count))));
            }

            @Override
            public void decide(Step step, Edits edits) {
                Candidates proposed = step.candidates();
                if (!hasDrafts()) {
                    drafts = Arrays.copyOf(proposed.proposals().tokens, proposed.firstRun());
                    return;
                }
                int position = proposed.position(0);
                int token = proposed.token(0);
                edits.add(position, token);
                for (Candidates read : step.copies()) {
                    for (int i = 0; i < read.size() && token == drafts[i]; i++) {
                        token = read.token(i);
                        edits.add(++position, token);
                    }
                }
                drafts = NONE;
            }
        };
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "linear-spec:" + width;
    }
}
