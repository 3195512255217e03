package dev.dllm.decode;

import dev.dllm.model.CausalModel;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Guided diffusion: the model drafts all masks of the span, and a causal model checks them from left to right. The longest
/// run that it accepts is committed, then the verifier's own token in the place of the first draft that it does not.
///
/// A draft is accepted if it is among the `topK` most probable tokens of the verifier and has at least `ratio` of the largest
/// probability. With `topK` 1 the text is that of the verifier alone, decoded greedily, whatever is drafted.
///
/// @param verifier the causal model, of the same vocabulary
/// @param topK     1 or more
/// @param ratio    in [0, 1], 0 for off
/// @param chunk    drafts that the verifier reads in one call, 1 or more
/// @see "FlashDLM (guided diffusion), arXiv:2505.21467; ZhanqiuHu/flash-dlm-experimental"
public record Guided(Optional<CausalModel> verifier, int topK, float ratio, int chunk) implements Unmasking {
    /// As the authors read.
    static final int DEFAULT_CHUNK = 32;

    public Guided {
        if (topK < 1 || chunk < 1 || !(ratio >= 0 && ratio <= 1)) {
            throw new IllegalArgumentException("top-k " + topK + ", ratio " + ratio + ", chunks of " + chunk
                    + ": need 1 or more, a number in [0, 1], and 1 or more");
        }
    }

    /// To be given a verifier.
    public Guided(int topK, float ratio) {
        this(Optional.empty(), topK, ratio, DEFAULT_CHUNK);
    }

    @Override
    public Guided withVerifier(CausalModel verifier) {
        return new Guided(Optional.of(verifier), topK, ratio, chunk);
    }

    @Override
    public boolean needsVerifier() {
        return verifier.isEmpty();
    }

    @Override
    public State start() {
        return new State() {
            private CausalModel.@Nullable Reading reading;

            @Override
            public void decide(Step step, Edits edits) {
                CausalModel.Reading text = reading == null ? verifier.orElseThrow().newReading() : reading;
                reading = text;
                Candidates drafts = step.candidates();
                int first = drafts.position(0);
                int count = drafts.firstRun();
                int last = first - 1;
                if (text.length() < last) {
                    int[] unread = step.canvas().copy(text.length(), last);
                    text.read(unread, unread.length);
                }
                int before = step.canvas().token(last);
                int decided = 0;
                boolean agrees = true;
                while (agrees && decided < count) {
                    int[] read = new int[Math.min(chunk, count - decided)];
                    for (int i = 0; i < read.length; i++) {
                        read[i] = i == 0 ? before : drafts.token(decided + i - 1);
                    }
                    for (float[] row : text.read(read, 0)) {
                        forbid(step.canvas().maskId(), row);
                        int draft = drafts.token(decided);
                        agrees = accepts(row, draft);
                        before = agrees ? draft : argMax(row);
                        edits.add(first + decided++, before);
                        if (!agrees) {
                            break;
                        }
                    }
                }
                text.cut(Math.min(text.length(), last + decided));
            }

            @Override
            public void close() {
                if (reading != null) {
                    reading.close();
                }
            }
        };
    }

    /// The verifier cannot answer with the mask, which would be asked for again for ever.
    private static void forbid(int maskId, float[] row) {
        if (maskId < row.length) {
            row[maskId] = Float.NEGATIVE_INFINITY;
        }
    }

    private boolean accepts(float[] row, int draft) {
        if (draft >= row.length) {
            return false;
        }
        int above = 0;
        for (int id = 0; id < row.length; id++) {
            if (row[id] > row[draft] || row[id] == row[draft] && id < draft) {
                above++;
            }
        }
        return above < topK && Math.exp((double) row[draft] - row[argMax(row)]) >= ratio;
    }

    private static int argMax(float[] row) {
        int best = 0;
        for (int id = 1; id < row.length; id++) {
            best = row[id] > row[best] ? id : best;
        }
        return best;
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UntilFull(0);
    }

    @Override
    public String toString() {
        return "guided:" + topK + "," + ratio + (chunk == DEFAULT_CHUNK ? "" : "," + chunk);
    }
}
