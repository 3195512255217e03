package dev.dllm.decode;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Commits the masked positions of a span in a random order that is drawn at its start, spread evenly over the steps,
/// whatever the model's confidence. What is decoded next is known before the call.
///
/// @see "ML-GSAI/LLaDA, generate.py (random remasking); horseee/dKV-Cache, generation_utils/llada_dkv_cache_greedy.py"
public record RandomOrder() implements Unmasking {

    @Override
    public boolean knowsOrder() {
        return true;
    }

    @Override
    public boolean draws() {
        return true;
    }

    @Override
    public State start() {
        return new State() {
            private @Nullable BlockProgress known;
            private int[] order = {};
            private int done;

            @Override
            public int[] next(Canvas canvas, BlockProgress progress, int call, Randomness randomness) {
                if (known != progress) {
                    known = progress;
                    order = drawn(canvas, progress.span(), call, randomness);
                    done = 0;
                }
                int share = progress.evenShare(progress.masksAtStart());
                return Arrays.copyOfRange(order, done, Math.min(done + share, order.length));
            }

            @Override
            public void decide(Step step, Edits edits) {
                int[] next = next(step.canvas(), step.progress(), step.call(), step.randomness());
                done += next.length;
                Candidates candidates = step.candidates();
                for (int i = 0; i < candidates.size(); i++) {
                    int position = candidates.position(i);
                    if (Arrays.stream(next).anyMatch(p -> p == position)) {
                        candidates.commit(i, edits);
                    }
                }
            }
        };
    }

    private static int[] drawn(Canvas canvas, Span span, int call, Randomness randomness) {
        double[] scores = new double[span.end()];
        int[] masks = IntStream.range(span.start(), span.end()).filter(canvas::isMasked).toArray();
        for (int position : masks) {
            scores[position] = randomness.uniform(call, position);
        }
        return Arrays.stream(masks)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer position) -> -scores[position]))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    @Override
    public Pacing pacing() {
        return new Pacing.UpTo();
    }

    @Override
    public String toString() {
        return "random-order";
    }
}
