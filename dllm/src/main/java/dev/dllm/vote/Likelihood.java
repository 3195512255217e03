package dev.dllm.vote;

import dev.dllm.GenerationResult;
import dev.dllm.Passage;
import dev.dllm.score.Score;
import dev.dllm.score.ScoreSettings;
import dev.dllm.score.Scorer;
import java.nio.IntBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/// Scores a generation by how likely the model finds its ids behind its prompt, the EOS at the end included: the logarithm, not
/// divided by their number. A text of no tokens has none: −∞.
///
/// Estimators that draw mask texts of one length alike, so that their noise hardly touches the order. The same text is scored once.
/// Not thread-safe.
public final class Likelihood implements ToDoubleFunction<GenerationResult> {
    private final Scorer scorer;
    private final ScoreSettings settings;
    private final Map<List<IntBuffer>, Double> known = new HashMap<>();
    private long positionsComputed;

    /// @param scorer stays the caller's to close
    public Likelihood(Scorer scorer, ScoreSettings settings) {
        this.scorer = scorer;
        this.settings = settings;
    }

    @Override
    public double applyAsDouble(GenerationResult candidate) {
        if (candidate.ids().length == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        // Buffers are equal if what they hold is.
        List<IntBuffer> text = List.of(IntBuffer.wrap(candidate.promptIds()), IntBuffer.wrap(candidate.ids()));
        return known.computeIfAbsent(text, _ -> computed(candidate.passage()));
    }

    private double computed(Passage passage) {
        Score score = scorer.score(passage, settings);
        positionsComputed += score.positionsComputed();
        return score.logLikelihood();
    }

    /// Positions computed for all scores so far.
    public long positionsComputed() {
        return positionsComputed;
    }
}
