package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.GenerationResult;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.Trace;
import dev.dllm.score.AllMasked;
import dev.dllm.vote.BestOf;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `dllm generate --best-of`.
class GenerateBestOfTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROMPT = "Tell me a story.";
    private static final String[] DRAWN = {"--temperature", "1", "--gen-length", "32", "--seed", "7"};

    @Test
    void theLikeliestTextIsPrinted() {
        JsonNode json = json("--best-of", "3", "--estimator", "monte-carlo:4", "--format", "json");

        JsonNode candidates = json.get("candidates");
        int likeliest = 0;
        for (int i = 0; i < 3; i++) {
            assertEquals(7 + i, candidates.get(i).get("seed").asInt());
            likeliest = candidates.get(i).get("score").asDouble() > candidates.get(likeliest).get("score").asDouble() ? i : likeliest;
        }
        for (String what : List.of("seed", "score", "ids", "text", "finish_reason")) {
            assertEquals(candidates.get(likeliest).get(what), json.get(what), what);
        }
        assertEquals(
                json.get("text").asString() + "\n", generate(DRAWN, "--best-of", "3", "--estimator", "monte-carlo:4", PROMPT).out());
    }

    @Test
    void candidatesAreTheRunsOfTheirSeeds() {
        JsonNode json = json("--best-of", "2", "--estimator", "all-masked", "--format", "json");

        JsonNode second = JSON.readTree(CommandLineRun.of(
                "generate", "--temperature", "1", "--gen-length", "32", "--seed", "8", "--format", "json", PROMPT).out());
        for (String what : List.of("ids", "text", "nfe", "positions_computed", "key_value_bytes", "finish_reason")) {
            assertEquals(second.get(what), json.get("candidates").get(1).get(what), what);
        }
    }

    @Test
    void scoresAreThoseOfTheScoreCommand() {
        JsonNode json = json("--best-of", "2", "--estimator", "monte-carlo:3", "--format", "json");

        String[] ids = json.get("candidates").valueStream()
                .map(candidate -> String.join(",", candidate.get("ids").valueStream().map(JsonNode::asString).toList()))
                .toArray(String[]::new);
        JsonNode scores = JSON.readTree(CommandLineRun.of(
                "score", "--prompt", PROMPT, "--continuation-ids", ids[0], "--continuation-ids", ids[1], "--estimator",
                "monte-carlo:3", "--format", "json").out()).get("scores");
        for (int i = 0; i < 2; i++) {
            assertEquals(
                    scores.get(i).get("log_likelihood").asDouble(), json.get("candidates").get(i).get("score").asDouble());
        }
        assertEquals(sum(scores, "positions_computed"), json.get("scoring").get("positions_computed").asInt());
        assertEquals("monte-carlo:3", json.get("scoring").get("estimator").asString());
    }

    @Test
    void theCostIsThatOfAllTexts() {
        JsonNode json = json("--best-of", "2", "--estimator", "all-masked", "--format", "json");

        for (String cost : List.of("nfe", "positions_computed", "key_value_bytes")) {
            assertEquals(sum(json.get("candidates"), cost), json.get(cost).asInt(), cost);
        }
    }

    @Test
    void oneTextIsThePlainOneAndNeedNotBeDrawn() {
        assertEquals("9 - 8 = 1\n", CommandLineRun.of("generate", "--best-of", "1", "--estimator", "all-masked", "9-8").out());
    }

    @Test
    void theSummaryNamesTheSeedThatWon() {
        List<GenerationResult> texts = IntStream.range(1, 4)
                .mapToObj(i -> new GenerationResult(
                        new int[] {1}, new int[] {i}, List.of(), new int[] {1, i}, "text " + i, i, 10 * i, 100, 2, FinishReason.EOS, new Trace()))
                .toList();
        BestOf best = new BestOf(texts, text -> text.ids()[0] == 2 ? -1.5 : Double.NEGATIVE_INFINITY);
        BestOfReport report = new BestOfReport(best, new Batch(texts), 7, new AllMasked(), 12, 0.25);

        assertEquals("[best of 3 texts: seed 8, log likelihood -1.5000 (all-masked, 12 positions computed, 0.25 s)]", report.summary());
        assertEquals("[1 token, 6 network calls, 60 positions computed, 2.00 s, eos]", ResultWriter.summary(report.winner()));
        assertTrue(JSON.readTree(report.json()).get("candidates").get(0).get("score").isNull(), "a text that cannot be scored");
        assertEquals(300, JSON.readTree(report.json()).get("key_value_bytes").asInt());
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        refused("--best-of 0: needs 1 to 1000 texts", "--best-of", "0");
        refused("--best-of 1001: needs 1 to 1000 texts", "--best-of", "1001");
        refused(
                "--best-of 2: nothing is drawn, so every seed would give the same text; give --temperature, such as 0.9",
                "--best-of", "2");
        refused("--estimator says how --best-of scores; give --best-of, or see dllm score", "--estimator", "pseudo");
        refused(
                "unknown estimator 'mc'; known: monte-carlo[:samples], pseudo, left-to-right, all-masked", "--best-of", "2", "--estimator",
                "mc");
        refused(
                "--best-of with --stride: texts are scored whole; give one of them", "--best-of", "2", "--stride", "8", "--windows", "2");
        refused(
                "--trace with --best-of: there are several runs; give --seed with the seed of one instead", "--best-of", "2", "--format",
                "json", "--trace", "-");
    }

    private static void refused(String message, String... options) {
        CommandLineRun run = generate(options, PROMPT);
        assertEquals("dllm: " + message + "\n", run.err());
        assertEquals(2, run.exitCode());
        assertEquals("", run.out());
    }

    private static int sum(JsonNode entries, String field) {
        return entries.valueStream().mapToInt(entry -> entry.get(field).asInt()).sum();
    }

    private static JsonNode json(String... options) {
        CommandLineRun run = generate(DRAWN, Stream.concat(Stream.of(options), Stream.of(PROMPT)).toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.err());
        return JSON.readTree(run.out());
    }

    private static CommandLineRun generate(String[] first, String... then) {
        return CommandLineRun.of(Stream.of(new String[] {"generate"}, first, then).flatMap(Stream::of).toArray(String[]::new));
    }
}
