package dev.dllm.cli;

import dev.dllm.Passage;
import dev.dllm.score.Score;
import dev.dllm.score.ScoreSettings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Scores as a table or as one JSON object.
///
/// @param lines at least one
record ScoreReport(ScoreSettings settings, List<Line> lines) {
    private static final JsonMapper JSON = new JsonMapper();

    /// One scored text.
    ///
    /// @param text   as it was given; null if it was given as ids
    /// @param greedy whether it is what the model would write; null if nobody asked
    record Line(@Nullable String text, Passage passage, Score score, @Nullable Boolean greedy) {}

    String text() {
        boolean greedy = lines.getFirst().greedy() != null;
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT, "  %14s %10s %10s %7s %s %s%n",
                "log likelihood", "per token", "perplexity", "tokens", greedy ? "greedy " : "", "text (" + settings.estimator() + ")"));
        int best = Score.best(scores(), Score::logLikelihood);
        for (int i = 0; i < lines.size(); i++) {
            Line line = lines.get(i);
            text.append(String.format(
                    Locale.ROOT, "%s %14.5g %10.4g %10.4g %7d %s %s%n",
                    lines.size() > 1 && i == best ? "*" : " ", line.score.logLikelihood(), line.score.perToken(),
                    line.score.perplexity(), line.score.tokens(), greedy ? yesOrNo(line) : "", shown(line)));
        }
        return text.toString();
    }

    String json() {
        ObjectNode json = JSON.createObjectNode();
        json.put("estimator", settings.estimator().toString());
        json.put("guidance", settings.guidance());
        ArrayNode entries = json.putArray("scores");
        for (Line line : lines) {
            ObjectNode entry = entries.addObject();
            if (line.text != null) {
                entry.put("text", line.text);
            }
            entry.set("ids", JSON.valueToTree(line.passage.ids()));
            entry.put("prompt_tokens", line.passage.promptIds().length);
            entry.put("tokens", line.score.tokens());
            entry.put("log_likelihood", line.score.logLikelihood());
            entry.put("per_token", line.score.perToken());
            entry.put("perplexity", line.score.perplexity());
            if (line.greedy != null) {
                entry.put("greedy", line.greedy);
            }
            entry.put("samples", line.score.samples());
            entry.put("positions_computed", line.score.positionsComputed());
        }
        json.put("best", Score.best(scores(), Score::logLikelihood));
        json.put("best_per_token", Score.best(scores(), Score::perToken));
        return JSON.writeValueAsString(json);
    }

    private List<Score> scores() {
        return lines.stream().map(Line::score).toList();
    }

    private static String yesOrNo(Line line) {
        return String.format("%-7s", Boolean.TRUE.equals(line.greedy) ? "yes" : "no");
    }

    /// The text as a JSON string, which is one line whatever it holds; else the ids.
    private static String shown(Line line) {
        return line.text == null ? Arrays.toString(line.passage.ids()) : JSON.writeValueAsString(line.text);
    }
}
