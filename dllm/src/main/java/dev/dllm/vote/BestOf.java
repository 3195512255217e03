package dev.dllm.vote;

import dev.dllm.GenerationResult;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The best of several generations by a score: a search over the noise that they were drawn with.
///
/// ```java
/// List<GenerationResult> runs = session.generate(request.withSeeds(0, 8), GenerationListener.NONE);
/// BestOf best = new BestOf(runs, new Likelihood(scorer, ScoreSettings.defaults()));
/// best.winner().text();
/// ```
///
/// Any function of a candidate is a score, such as a check of the task; [Likelihood] is the model's own. Immutable.
///
/// @see "random search: Ma et al. 2025, arXiv:2501.09732"
public final class BestOf {
    private final List<GenerationResult> candidates;
    private final double[] scores;
    private final int best;

    /// @param candidates at least one; of those with the highest score the first wins
    /// @param score      how good a candidate is, asked once for each in their order; may be infinite
    /// @throws IllegalArgumentException if there is no candidate, or a score is no number
    public BestOf(List<GenerationResult> candidates, ToDoubleFunction<GenerationResult> score) {
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("the best of 0 generations: needs 1 or more");
        }
        this.candidates = List.copyOf(candidates);
        this.scores = candidates.stream().mapToDouble(score).toArray();
        int highest = 0;
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                throw new IllegalArgumentException("candidate " + i + " has the score NaN: needs a number");
            }
            highest = scores[i] > scores[highest] ? i : highest;
        }
        this.best = highest;
    }

    /// The generations, in the order in which they were given.
    public List<GenerationResult> candidates() {
        return candidates;
    }

    /// The score of a candidate.
    public double score(int candidate) {
        return scores[candidate];
    }

    /// Index of the candidate with the highest score; the first of several.
    public int best() {
        return best;
    }

    /// The candidate with the highest score; the first of several.
    public GenerationResult winner() {
        return candidates.get(best);
    }
}
