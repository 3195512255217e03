package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EvalCommandTest {
    private static final String SAMPLE = "../docs/eval-sample.jsonl";

    @Test
    void theSampleHoldsEveryFamily() {
        CommandLineRun run = CommandLineRun.of("eval", SAMPLE);
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("", run.err());
        List<String> lines = run.out().lines().toList();
        assertTrue(lines.get(0).matches(" +setting accuracy +NFE tokens/NFE +positions +tokens/s"), lines.get(0));
        assertTrue(lines.get(1).matches("  1 default +[0-9.]+ % +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+"), lines.get(1));
        String families = String.join(" ", lines.subList(2, lines.size()));
        for (String family : List.of("add", "countdown", "date", "faq", "infill", "json", "list", "mul", "sort", "story", "sub",
                "sudoku", "word")) {
            assertTrue(families.contains(" " + family), run.out());
        }
        assertEquals(5, lines.size(), "a table that nobody's screen is too narrow for: " + run.out());
    }

    @Test
    void onATerminalTablesAreAsWideAsItIs() {
        CommandLineRun run = CommandLineRun.of(Set.of("out"), "eval", SAMPLE);
        List<String> lines = run.out().lines().toList();
        assertEquals(8, lines.size(), run.out());
        assertTrue(lines.stream().allMatch(line -> line.length() <= 80), run.out());
    }

    @Test
    void oneJsonObjectPerSetting() {
        CommandLineRun run = CommandLineRun.of(
                "eval", SAMPLE, "--limit", "4", "--grid", "unmasking=schedule,threshold:0.9", "--format", "json");
        assertEquals(0, run.exitCode(), run.err());
        List<JsonNode> objects = run.out().lines().map(new JsonMapper()::readTree).toList();
        assertEquals(2, objects.size());
        JsonNode slow = objects.get(0);
        JsonNode fast = objects.get(1);
        assertEquals("unmasking=schedule", slow.get("setting").asString());
        assertEquals("unmasking=threshold:0.9", fast.get("setting").asString());
        assertEquals(4, fast.get("prompts").asInt());
        double mean = 0;
        for (JsonNode family : fast.get("families").values()) {
            mean += family.get(0).asDouble() / family.get(1).asDouble() / fast.get("families").size();
        }
        assertEquals(mean, fast.get("accuracy").asDouble(), 1e-12);
        assertTrue(slow.get("forwards_per_prompt").asDouble() > 5 * fast.get("forwards_per_prompt").asDouble());
        assertTrue(slow.get("positions_per_prompt").asDouble() > fast.get("positions_per_prompt").asDouble());
        assertTrue(fast.get("tokens_per_forward").asDouble() > 1);
        assertTrue(fast.get("tokens_per_second").asDouble() > 0);
        assertFalse(fast.has("interrupted"));
    }

    @Test
    void repeatingChangesNoCount() {
        String[] arguments = {"eval", SAMPLE, "--limit", "2", "--grid", "cache=block,none", "--format", "json"};
        List<JsonNode> once = counts(arguments);
        String[] twice = Arrays.copyOf(arguments, arguments.length + 2);
        twice[arguments.length] = "--repeat";
        twice[arguments.length + 1] = "2";
        assertEquals(once, counts(twice));
        assertEquals(2, once.size());
    }

    private static List<JsonNode> counts(String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertEquals(0, run.exitCode(), run.err());
        return run.out().lines()
                .map(line -> ((ObjectNode) new JsonMapper().readTree(line)).without(List.of("tokens_per_second", "seconds")))
                .map(JsonNode.class::cast)
                .toList();
    }

    @Test
    void aRefusedSettingSaysWhyAndTheOthersGoOn() {
        String[] arguments = {
            "eval", SAMPLE, "--limit", "1", "--attention", "bidirectional", "--grid", "cache=block,none", "--format", "json"
        };
        CommandLineRun run = CommandLineRun.of(arguments);
        assertEquals(0, run.exitCode(), run.err());
        List<JsonNode> objects = run.out().lines().map(new JsonMapper()::readTree).toList();
        assertTrue(objects.get(0).get("refused").asString().contains("block-causal models only"), run.out());
        assertEquals("cache=block", objects.get(0).get("setting").asString());
        assertEquals(1, objects.get(1).get("prompts").asInt());
        arguments[9] = "text";
        List<String> lines = CommandLineRun.of(arguments).out().lines().toList();
        assertTrue(lines.get(1).startsWith("  - cache=block refused: cache 'block'"), lines.get(1));
        assertTrue(lines.get(2).startsWith("  1 cache=none "), lines.get(2));
    }

    @Test
    void optionsWithoutEffectAreToldOfOnceForTheirSetting() {
        CommandLineRun run = CommandLineRun.of(
                "eval", SAMPLE, "--limit", "1", "--repeat", "2", "--seed", "3", "--grid", "temperature=0,0.5");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals(
                "dllm: temperature=0: --seed has no effect, since nothing is drawn; --temperature above 0 draws tokens\n", run.err());
        assertEquals(
                "dllm: --guidance-interval has no effect without --guidance\n",
                CommandLineRun.of("eval", SAMPLE, "--limit", "1", "--guidance-interval", "3").err());
    }

    @Test
    void nothingButRefusals() {
        CommandLineRun run = CommandLineRun.of(
                "eval", SAMPLE, "--limit", "1", "--attention", "bidirectional", "--grid", "cache=block;steps=4,8");
        assertEquals(2, run.exitCode());
        assertEquals("dllm: none of the settings could be evaluated\n", run.err());
    }

    @Test
    void aPlotOfTheAskedSize(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("plot.png");
        CommandLineRun run = CommandLineRun.of(
                "eval", SAMPLE, "--limit", "2", "--plot", file.toString(), "--plot-size", "500x300", "--plot-cost", "seconds");
        assertEquals(0, run.exitCode(), run.err());
        BufferedImage image = ImageIO.read(file.toFile());
        assertEquals("500x300", image.getWidth() + "x" + image.getHeight());
    }
}
