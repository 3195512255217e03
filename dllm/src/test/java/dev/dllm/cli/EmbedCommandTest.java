package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class EmbedCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void oneObjectPerText() {
        CommandLineRun run = CommandLineRun.of("embed", "--text", "A cat on a mat.", "--text", "a\nb");
        assertEquals(0, run.exitCode(), run.err());
        List<JsonNode> objects = objects(run.out());
        assertEquals(2, objects.size());
        assertEquals("A cat on a mat.", objects.get(0).get("text").asString());
        assertEquals("a\nb", objects.get(1).get("text").asString());
        assertEquals(7, objects.get(0).get("tokens").asInt());
        assertEquals(192, objects.get(0).get("embedding").size());
        assertEquals(1, product(objects.get(0), objects.get(0)), 1e-5);
    }

    @Test
    void linesOfStandardInputAreTexts() {
        String input = "A cat on a mat.\nTwo\nthree\r\n";
        assertEquals(
                objects(CommandLineRun.of("embed", "--text", "A cat on a mat.", "--text", "Two", "--text", "three").out()),
                objects(piped(input)));
        assertEquals(piped(input), piped(input, "--batch-size", "2"));
        assertEquals("", piped(""));
    }

    @Test
    void anInstructionIsSeenAndPooledUnlessExcluded() {
        String plain = CommandLineRun.of("embed", "--text", " cats").out();
        String whole = CommandLineRun.of("embed", "--instruction", "Texts on", "--text", " cats").out();
        String excluded =
                CommandLineRun.of("embed", "--instruction", "Texts on", "--exclude-instruction", "--text", " cats").out();
        JsonNode same = JSON.readTree(CommandLineRun.of("embed", "--text", "Texts on cats").out());
        assertEquals(same.get("embedding"), JSON.readTree(whole).get("embedding"));
        assertEquals(" cats", JSON.readTree(whole).get("text").asString());
        assertEquals(same.get("tokens"), JSON.readTree(excluded).get("tokens"));
        assertTrue(product(JSON.readTree(whole), JSON.readTree(excluded)) < 0.999);
        assertTrue(product(JSON.readTree(plain), JSON.readTree(excluded)) < 0.999);
    }

    @Test
    void poolingAndScale() {
        JsonNode mean = JSON.readTree(CommandLineRun.of("embed", "--no-normalize", "--text", "A cat").out());
        JsonNode last = JSON.readTree(CommandLineRun.of("embed", "--pooling", "last", "--text", "A cat").out());
        assertTrue(product(mean, mean) > 1.1);
        assertEquals(1, product(last, last), 1e-5);
        assertTrue(Math.abs(product(mean, last)) < 0.999 * Math.sqrt(product(mean, mean)));
    }

    @Test
    void inputThatIsNoText() {
        assertEquals("dllm: standard input: is no UTF-8 text\n", piped(new byte[] {(byte) 0xff, '\n'}).err());
        assertEquals("dllm: text 2 is empty; needs at least 1 token\n", piped("a\n\nb\n".getBytes(StandardCharsets.UTF_8)).err());
    }

    private static String piped(String input, String... arguments) {
        CommandLineRun run = piped(input.getBytes(StandardCharsets.UTF_8), arguments);
        assertEquals(0, run.exitCode(), run.err());
        return run.out();
    }

    private static CommandLineRun piped(byte[] input, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                Set.of(), Terminal.Screen.DEFAULT, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        CommandLine line = new CommandLine(new EmbedCommand(terminal, new ByteArrayInputStream(input)));
        line.setExecutionExceptionHandler((exception, _, _) -> Main.report(exception, terminal));
        int exitCode = line.execute(arguments);
        return new CommandLineRun(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static List<JsonNode> objects(String lines) {
        return lines.lines().map(JSON::readTree).toList();
    }

    private static double product(JsonNode a, JsonNode b) {
        double product = 0;
        for (int i = 0; i < a.get("embedding").size(); i++) {
            product += a.get("embedding").get(i).asDouble() * b.get("embedding").get(i).asDouble();
        }
        return product;
    }
}
