package dev.dllm.decode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Next-sequence prediction that writes what [NextSequence] writes with one token per call, in fewer calls: what a window proposes
/// is tried out. A call computes the windows behind the first proposal, behind the first two, and so on; a proposal is accepted
/// as long as it is what the window before it proposes. The window behind the last accepted one makes the next proposals.
///
/// The first call on a block proposes and writes nothing. The last mask of a block is written without asking again.
///
/// @param width positions of a window, the last token included, 1 or more; as many proposals are tried in a call
/// @see "SDLM (self-speculative decoding), arXiv:2509.24007; OpenGVLab/SDLM, sdlm_generator.py"
public record VerifiedSequence(int width) implements Unmasking {
    /// The rows of a call are about twice its square, and are counted by an int.
    private static final int MOST = 1 << 12;

    public VerifiedSequence {
        if (width < 1 || width > MOST) {
            throw new IllegalArgumentException("a window of " + width + ": needs 1 to " + MOST);
        }
    }

    @Override
    public void requireFits(DecodeSettings settings, boolean shifted) {
        LeftToRight.requireFits(this, width, settings, shifted);
        Drafted.requireFits(this, settings);
    }

    @Override
    public int copiedRows(int planned, int span) {
        return Math.multiplyExact(Math.min(width, span), Math.min(2 * width - 1, span));
    }

    @Override
    public int lookahead() {
        return width;
    }

    @Override
    public State start() {
        return new LeftToRight.Window(width) {
            /// The first proposal is not judged: it is what the window writes that proposed it.
            @Override
            public boolean wants(Canvas canvas, Span span, int position) {
                return super.wants(canvas, span, position) && (!hasDrafts() || position > canvas.firstMask(span.start()));
            }

            @Override
            public Optional<Copies> copies(Canvas canvas, Span span) {
                if (!hasDrafts()) {
                    return Optional.empty();
                }
                int start = canvas.firstMask(span.start());
                List<Copies.Continuation> texts = new ArrayList<>();
                for (int read = 0; read < drafts.length; read++) {
                    int[] tokens = canvas.copy(start, Math.min(start + read + width, span.end()));
                    System.arraycopy(drafts, 0, tokens, 0, read + 1);
                    texts.add(new Copies.Continuation(tokens, read));
                }
                return Optional.of(new Copies.Continuations(start, texts));
            }

            @Override
            public void decide(Step step, Edits edits) {
                Span span = step.progress().span();
                int start = step.canvas().firstMask(span.start());
                int accepted = 0;
                Candidates next = step.candidates();
                if (hasDrafts()) {
                    do {
                        edits.add(start + accepted, drafts[accepted]);
                        next = step.copies().get(accepted++);
                    } while (accepted < drafts.length && drafts[accepted] == LeftToRight.token(next, start + accepted));
                }
                int from = start + accepted;
                Candidates behind = next.only(position -> position >= from);
                drafts = Arrays.copyOf(behind.proposals().tokens, behind.firstRun());
                if (behind.size() > 0 && step.canvas().masks(span) - accepted == 1) {
                    behind.commit(0, edits);
                    drafts = NONE;
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
        return "sdlm-verified:" + width;
    }
}
