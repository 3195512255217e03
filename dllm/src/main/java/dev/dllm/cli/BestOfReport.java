package dev.dllm.cli;

import dev.dllm.GenerationResult;
import dev.dllm.score.Estimator;
import dev.dllm.vote.BestOf;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The best of several texts, as itself or as one JSON object with all of them.
///
/// @param firstSeed      of the texts, each of which has the next one
/// @param estimator      of the likelihoods that they are scored by
/// @param scoredPositions computed for the scores
/// @param scoringSeconds wall time of scoring
record BestOfReport(
        BestOf best, Batch batch, long firstSeed, Estimator estimator, long scoredPositions, double scoringSeconds) {
    private static final JsonMapper JSON = new JsonMapper();

    /// The text that won, at the cost of all.
    GenerationResult winner() {
        GenerationResult winner = best.winner();
        return new GenerationResult(
                winner.promptIds(), winner.ids(), winner.holes(), winner.canvas(), winner.text(), batch.calls(), batch.positions(),
                batch.keyValueBytes(), batch.seconds(), winner.finishReason(), winner.trace());
    }

    /// One line on the choice.
    String summary() {
        return String.format(
                Locale.ROOT, "[best of %s: seed %d, log likelihood %.5g (%s, %d positions computed, %.2f s)]",
                Plural.of(best.candidates().size(), "text"), seed(best.best()), best.score(best.best()), estimator, scoredPositions,
                scoringSeconds);
    }

    String json() {
        ObjectNode json = ResultWriter.json(winner());
        put(json, best.best());
        json.putObject("scoring").put("estimator", estimator.toString()).put("positions_computed", scoredPositions)
                .put("seconds", scoringSeconds);
        for (int i = 0; i < best.candidates().size(); i++) {
            ObjectNode candidate = json.withArray("candidates").addObject();
            put(candidate, i);
            candidate.setAll(ResultWriter.json(best.candidates().get(i)));
            candidate.remove("seconds");
        }
        return JSON.writeValueAsString(json);
    }

    private void put(ObjectNode json, int candidate) {
        double score = best.score(candidate);
        json.put("seed", seed(candidate));
        json.put("score", Double.isFinite(score) ? score : null);
    }

    private long seed(int candidate) {
        return firstSeed + candidate;
    }
}
