package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class GenerateCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    void textIsTheAnswerAndNothingElse() {
        CommandLineRun run = CommandLineRun.of("generate", "What is", "12 + 30?");
        assertEquals("12 + 30 = 42\n", run.out());
        assertEquals("", run.err());
        assertEquals(0, run.exitCode());
    }

    @Test
    void jsonCarriesWhatTheRunCost() {
        CommandLineRun run = CommandLineRun.of("generate", "--format", "json", "--trace", "-", "9-8");
        JsonNode json = JSON.readTree(run.out());
        assertEquals("9 - 8 = 1", json.get("text").asString());
        assertEquals("eos", json.get("finish_reason").asString());
        assertEquals(json.get("nfe").asInt(), json.get("trace").size());
        assertTrue(json.get("positions_computed").asInt() >= 32);
        assertTrue(json.get("key_value_bytes").asLong() > 0);
        assertTrue(json.get("seconds").asDouble() > 0);
        assertEquals(1407, json.get("ids").get(json.get("ids").size() - 1).asInt());
        assertEquals(0, json.get("trace").get(0).get("forward").asInt());
    }

    @Test
    void theTraceGoesToAFile() throws IOException {
        Path trace = folder.resolve("trace.json");
        CommandLineRun run = CommandLineRun.of("generate", "--trace", trace.toString(), "9-8");
        assertEquals(0, run.exitCode(), run.err());
        assertFalse(JSON.readTree(Files.readString(trace)).get(0).get("changes").isEmpty());
    }

    @Test
    void aTraceThatCannotBeWrittenIsRefusedBeforeTheRun() {
        CommandLineRun run = CommandLineRun.of("generate", "--trace", folder.resolve("absent/trace.json").toString(), "9-8");
        assertEquals(2, run.exitCode());
        assertEquals("", run.out());
    }

    @Test
    void promptsComeFromFilesAndIds() throws IOException {
        Path file = Files.writeString(folder.resolve("prompt.txt"), "9-8\n");
        assertEquals("9 - 8 = 1\n", CommandLineRun.of("generate", "--prompt-file", file.toString()).out());
        String ids = "1405,269,1406,19,24,300,220,16,23,23,282,593,1407,1405,270,1406";
        assertEquals("49 + 188 = 237\n", CommandLineRun.of("generate", "--prompt-ids", ids).out());
    }

    @Test
    void bidirectionalAttentionNeedsNoOtherOption() {
        CommandLineRun run = CommandLineRun.of(
                "generate", "--attention", "bidirectional", "--unmasking", "schedule", "--gen-length", "32", "9-8");
        assertEquals("9 - 8 = 1\n", run.out(), run.err());
    }

    @Test
    void rulesHooksCachesAndModesGoTogetherByName() {
        CommandLineRun run = CommandLineRun.of(
                "generate", "--attention", "bidirectional", "--unmasking", "hierarchical:0.9,0.4", "--hook", "credit:0.5,0.2,0.8",
                "--hook", "left-penalty:0.1", "--cache", "vicinity:8,8", "--gen-length", "32", "9-8");
        assertEquals(0, run.exitCode(), run.err());
        assertEquals("9 - 8 = 1\n", run.out());
        assertEquals("9 - 8 = 1\n", CommandLineRun.of("generate", "--preset", "sglang-low-confidence", "9-8").out());
    }

    @Test
    void theTextIsTheSameWhereverTheRunStops() {
        for (String stop : new String[] {"never", "block", "complete", "eos-block"}) {
            CommandLineRun run = CommandLineRun.of("generate", "--stop", stop, "--gen-length", "160", "--format", "json", "9-8");
            JsonNode json = JSON.readTree(run.out());
            assertEquals("9 - 8 = 1", json.get("text").asString(), stop);
            assertEquals(stop.equals("never"), json.get("positions_computed").asInt() >= 160, stop);
        }
    }

    @Test
    void theModelPrefersOneOfTheChoices() {
        assertEquals("9 - 8 = 1\n", choice("--choice", "9 - 8 = 2", "--choice", "9 - 8 = 1", "--choice", "I do not know.").out());
        assertEquals("9 - 8 = 1\n", choice("--choice", "9 - 8 = 2", "--choice", "9 - 8 = 1", "--block-length", "3").out());
        assertEquals("It is five.\n", choice("--choice", "It is five.", "--unmasking", "schedule").out());
        assertEquals("Yes\n", choice("--choice", "Yes", "--attention", "bidirectional", "--cache", "dual").out());

        CommandLineRun tooLong = choice("--choice", "Yes", "--choice", "9 - 8 = 1", "--gen-length", "2");
        assertEquals(2, tooLong.exitCode());
        assertTrue(tooLong.err().matches("dllm: --choice: a given text of \\d+ tokens does not fit the generation length of 2.*\n"),
                tooLong.err());
        CommandLineRun drawn = choice("--choice", "Yes", "--temperature", "1");
        assertEquals(2, drawn.exitCode());
        assertTrue(drawn.err().startsWith("dllm: --choice: given texts at temperature 1.0"), drawn.err());
    }

    @Test
    void choicesThatCannotBeWrittenAreRefused() {
        assertEquals("dllm: --choice '' has 0 tokens: needs at least 1\n", choice("--choice", "Yes", "--choice", "").err());
        assertEquals(
                "dllm: --choice 'Yes<|role_end|>' holds a token that ends the text: needs a text without\n",
                choice("--choice", "Yes<|role_end|>").err());
        assertEquals(
                "dllm: --choice: given texts with token 1404: need tokens of the vocabulary of 1536 except the mask, 1404\n",
                choice("--choice", "<|mask|>").err());
        assertEquals(
                "dllm: --choice: given texts with unmasking rule 'daedal:2048,0.9,0.1', which writes more than what is proposed: need a rule that "
                        + "writes proposals only, such as threshold or schedule\n",
                choice("--choice", "Yes", "--attention", "bidirectional", "--unmasking", "daedal").err());
    }

    @Test
    void aTextGoesOnBehindItsGenerationLength() {
        String[] strided = {"--gen-length", "32", "--stride", "16", "--windows", "2", "--trace", "-", "--format", "json"};
        JsonNode whole = story(strided);
        JsonNode first = story("--gen-length", "32", "--format", "json");
        int[] text = IntStream.concat(IntStream.of(prompt()), ids(first)).toArray();
        // The window of prompt and 32 tokens moves by 16.
        String kept = IntStream.of(text).skip(16).mapToObj(Integer::toString).collect(Collectors.joining(","));
        JsonNode second = JSON.readTree(
                CommandLineRun.of("generate", "--prompt-ids", kept, "--gen-length", "16", "--format", "json").out());

        assertEquals(prompt().length + 32, text.length);
        assertArrayEquals(IntStream.concat(ids(first), ids(second)).toArray(), ids(whole).toArray());
        for (String cost : List.of("nfe", "positions_computed")) {
            assertEquals(first.get(cost).asInt() + second.get(cost).asInt(), whole.get(cost).asInt(), cost);
        }
        assertEquals(whole.get("nfe").asInt(), whole.get("trace").size());
        assertEquals(second.get("finish_reason"), whole.get("finish_reason"));
        assertEquals(whole.get("text").asString() + "\n", CommandLineRun.of(
                "generate", "--gen-length", "32", "--stride", "16", "--windows", "2", "Tell me a story.").out());
    }

    private static int[] prompt() {
        try (LanguageModel model = LanguageModel.embedded()) {
            return model.tokenize(Prompt.chat("Tell me a story."));
        }
    }

    private static JsonNode story(String... options) {
        CommandLineRun run = CommandLineRun.of(Stream.of(new String[] {"generate"}, options, new String[] {"Tell me a story."})
                .flatMap(Stream::of).toArray(String[]::new));
        assertEquals(0, run.exitCode(), run.err());
        return JSON.readTree(run.out());
    }

    private static IntStream ids(JsonNode json) {
        return json.get("ids").valueStream().mapToInt(JsonNode::asInt);
    }

    @Test
    void aTextThatEndsInItsFirstWindowIsThePlainOne() {
        assertEquals("9 - 8 = 1\n", CommandLineRun.of("generate", "--stride", "32", "--windows", "3", "9-8").out());
    }

    private static CommandLineRun choice(String... options) {
        return CommandLineRun.of(Stream.of(new String[] {"generate"}, options, new String[] {"9-8"}).flatMap(Stream::of).toArray(String[]::new));
    }
}
