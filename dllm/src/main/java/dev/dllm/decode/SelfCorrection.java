package dev.dllm.decode;

/// Commits the surest masks, evenly over the steps, then corrects the full span: of the tokens that the model now proposes otherwise the
/// surest ones replace what stands.
///
/// A span ends when a call changes nothing, after `steps` corrections, or when the share of its positions that hold the most probable
/// token has not grown for more than `patience` of them. A token must have been able to look wrong in training for the model to see that
/// it is: the rule is for models trained with uniform noise, such as GIDD's, not for those that only ever met masks. The authors correct
/// a whole text at once, as here without blocks, and tell the network a time near 0; networks here take no time.
///
/// Proposals are drawn as the settings say, and are as sure as they measure it: the authors draw, and go by probability. They replace one
/// token at a time; what stands for `steps` and `patience` by default is ours.
///
/// @param perCall  tokens that a correction replaces at most, 1 or more
/// @param steps    corrections of a span at most, 0 or more
/// @param patience corrections in a row that may improve nothing, 0 or more
/// @see "GIDD, arXiv:2503.04482; dvruette/gidd, eval/self_correction.py"
public record SelfCorrection(int perCall, int steps, int patience) implements Unmasking {
    static final int DEFAULT_STEPS = 128;
    static final int DEFAULT_PATIENCE = 8;

    public SelfCorrection {
        if (perCall < 1 || steps < 0 || patience < 0) {
            throw new IllegalArgumentException("%d tokens in each of %d corrections with patience for %d: needs 1, 0 and 0 or more"
                    .formatted(perCall, steps, patience));
        }
    }

    @Override
    public State start() {
        return new State() {
            private double best;
            private int unimproved;

            @Override
            public boolean wants(Canvas canvas, Span span, int position) {
                return span.contains(position) && !canvas.isFixed(position) && (canvas.isMasked(position) || isFull(canvas, span));
            }

            @Override
            public void decide(Step step, Edits edits) {
                BlockProgress progress = step.progress();
                if (!isFull(step.canvas(), progress.span())) {
                    step.candidates().commitBest(step.canvas(), progress.evenShare(progress.masksAtStart()), edits);
                    return;
                }
                if (progress.masklessCalls() == 0) {
                    best = -1;
                }
                correct(step.canvas(), step.candidates(), edits);
                double share = agreeing(step.canvas(), step.candidates(), edits);
                unimproved = share > best ? 0 : unimproved + 1;
                best = Math.max(best, share);
            }

            @Override
            public boolean another(Pacing pacing, int masks, BlockProgress progress) {
                return pacing.another(masks, progress) && (progress.masklessCalls() == 0 || unimproved <= patience);
            }
        };
    }

    private static boolean isFull(Canvas canvas, Span span) {
        return canvas.firstMask(span.start()) >= span.end();
    }

    private void correct(Canvas canvas, Candidates candidates, Edits edits) {
        int[] ranking = candidates.ranking(i -> candidates.token(i) != canvas.token(candidates.position(i)));
        for (int rank = 0; rank < Math.min(perCall, ranking.length); rank++) {
            candidates.commit(ranking[rank], edits);
        }
    }

    /// The share of positions that will hold the token with the largest logit.
    private static double agreeing(Canvas canvas, Candidates candidates, Edits edits) {
        int agreeing = 0;
        for (int i = 0; i < candidates.size(); i++) {
            int position = candidates.position(i);
            agreeing += edits.tokenAt(position, canvas.token(position)) == candidates.best(i, _ -> true) ? 1 : 0;
        }
        return (double) agreeing / candidates.size();
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilStable(steps);
    }

    @Override
    public String toString() {
        return "self-correct:" + perCall + "," + steps + "," + patience;
    }
}
