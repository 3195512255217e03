package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ScoreCommandTest {

    @Test
    void aTableMarksTheLikeliestAnswer() {
        CommandLineRun run = CommandLineRun.of(
                "score", "--prompt", "What is 12 + 30?", "--continuation", "12 + 30 = 43", "--continuation",
                "12 + 30 = 42", "--greedy", "--estimator", "monte-carlo:8");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(3, lines.size(), run.out());
        assertTrue(lines.get(0).matches(" +log likelihood +per token +perplexity +tokens +greedy +text \\(monte-carlo:8\\)"), lines.get(0));
        assertTrue(lines.get(1).matches("  +-[0-9.]+ +-[0-9.]+ +[0-9.]+ +10 no +\"12 \\+ 30 = 43\""), lines.get(1));
        assertTrue(lines.get(2).matches("\\* +-[0-9.e-]+ +-[0-9.e-]+ +1\\.[0-9]+ +10 yes +\"12 \\+ 30 = 42\""), lines.get(2));
    }

    @Test
    void oneAnswerHasNoMark() {
        CommandLineRun run = CommandLineRun.of(
                "score", "--prompt", "9-8", "--continuation", "a\nb", "--estimator", "left-to-right");
        assertEquals(2, run.out().lines().count(), run.out());
        assertFalse(run.out().contains("*"), run.out());
        assertTrue(run.out().contains("\"a\\nb\""), run.out());
    }

    @Test
    void jsonCarriesIdsAndCounts(@TempDir Path folder) throws IOException {
        Path prompt = Files.writeString(folder.resolve("prompt.txt"), "9-8\n");
        JsonNode json = json(
                "score", "--prompt-file", prompt.toString(), "--continuation", "9 - 8 = 2", "--continuation-ids",
                "24,312,220,23,282,220,16", "--greedy", "--guidance", "0.5", "--estimator", "monte-carlo:4");
        assertEquals("monte-carlo:4", json.get("estimator").asString());
        assertEquals(0.5, json.get("guidance").asDouble());
        JsonNode wrong = json.get("scores").get(0);
        JsonNode right = json.get("scores").get(1);
        assertEquals("9 - 8 = 2", wrong.get("text").asString());
        assertFalse(right.has("text"));
        assertEquals(16, right.get("ids").get(6).asInt());
        assertEquals(10, right.get("prompt_tokens").asInt());
        assertEquals(7, right.get("tokens").asInt());
        assertEquals(4, right.get("samples").asInt());
        assertEquals(2 * 4 * 17, right.get("positions_computed").asInt());
        assertTrue(right.get("greedy").asBoolean());
        assertFalse(wrong.get("greedy").asBoolean());
        assertTrue(right.get("log_likelihood").asDouble() > wrong.get("log_likelihood").asDouble());
        assertEquals(right.get("log_likelihood").asDouble() / 7, right.get("per_token").asDouble(), 1e-12);
        assertEquals(1, json.get("best").asInt());
        assertEquals(1, json.get("best_per_token").asInt());
    }

    @Test
    void textsAreScoredWithoutAPrompt() {
        JsonNode json = json(
                "score", "--estimator", "pseudo", "--text", "the throws He ball", "--text", "He throws the ball");
        assertEquals(0, json.get("scores").get(0).get("prompt_tokens").asInt());
        assertEquals(
                json.get("scores").get(0).get("tokens").asInt(), json.get("scores").get(0).get("samples").asInt());
        assertEquals(1, json.get("best").asInt());
    }

    @Test
    void otherModelsAndAttentions() {
        String[] score = {
            "score", "goldens/checkpoints/llada-gqa", "--prompt-ids", "1,2,3", "--continuation-ids", "4,5,6", "--estimator",
            "left-to-right"
        };
        double bidirectional = json(score).get("scores").get(0).get("log_likelihood").asDouble();
        assertEquals(bidirectional, logLikelihood(score, "--attention", "bidirectional"));
        assertTrue(bidirectional != logLikelihood(score, "--attention", "block-causal", "--block-length", "2"));
        assertEquals(bidirectional, logLikelihood(score, "--batch-size", "1"));
    }

    private static double logLikelihood(String[] arguments, String... more) {
        String[] all = Stream.concat(Arrays.stream(arguments), Arrays.stream(more))
                .toArray(String[]::new);
        return json(all).get("scores").get(0).get("log_likelihood").asDouble();
    }

    private static JsonNode json(String... arguments) {
        String[] withFormat = Arrays.copyOf(arguments, arguments.length + 2);
        withFormat[arguments.length] = "--format";
        withFormat[arguments.length + 1] = "json";
        CommandLineRun run = CommandLineRun.of(withFormat);
        assertEquals(0, run.exitCode(), run.err());
        return new JsonMapper().readTree(run.out());
    }
}
