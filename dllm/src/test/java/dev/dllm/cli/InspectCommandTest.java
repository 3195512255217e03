package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InspectCommandTest {
    private static final Path GOLDEN = Path.of("goldens/checkpoints/llada2-moe");

    @Test
    void linesForPeople() {
        CommandLineRun run = CommandLineRun.of("inspect", "--gen-length", "96", "--batch", "2");
        assertEquals(0, run.exitCode(), run.err());
        for (String line : new String[] {
            "  parameters       4,700,048, 2,488,208 of them active per token",
            "  layers           6: 1 with a dense feed-forward of 384, then 5 with 4 of 16 experts of 64 and a shared one of 64",
            "  attention        block-causal, blocks of 32",
            "  key/value cache  3.0 KiB per position; 1.3 MiB for 2 × 224 positions",
        }) {
            assertTrue(run.out().lines().anyMatch(line::equals), () -> "'" + line + "' is not in:\n" + run.out());
        }
    }

    @Test
    void everyTensorOnRequest() {
        JsonNode json = json("inspect", "--tensors", "--format", "json", GOLDEN.toString(), "--mask-id", "390");
        assertEquals(189, json.get("tensors").size());
        long elements = 0;
        for (JsonNode tensor : json.get("tensors")) {
            long product = 1;
            for (JsonNode extent : tensor.get("shape")) {
                product *= extent.asLong();
            }
            elements += product;
        }
        assertEquals(json.get("parameters").asLong(), elements);
    }

    @Test
    void decodingOptionsShowInTheSettings() {
        JsonNode json = json("inspect", "--format", "json", "--preset", "llada2.1", "--cache", "none", "--steps", "7");
        assertEquals("asked for", json.at("/decoding/preset_reason").asString());
        assertEquals("none", json.at("/decoding/cache").asString());
        assertEquals(7, json.at("/decoding/steps").asInt());
    }

    @Test
    void whatIsUnusualAboutTheSettingsShows() {
        String[] options = {
            "inspect", "--attention", "bidirectional", "--guidance", "1.5", "--guidance-interval", "3", "--exit", "prophet", "--hook",
            "credit", "--top-k", "3", "--top-p", "0.5", "--eos-ids", "5", "--span-length", "8", "--stop", "eos-block", "--stop-repetition",
            "256,4.5", "--reuse-logits", "--format", "json"
        };
        JsonNode decoding = json(options).get("decoding");
        assertEquals("bidirectional", decoding.get("attention").asString());
        assertEquals(8, decoding.get("span_length").asInt());
        assertEquals(5, decoding.at("/eos_ids/0").asInt());
        assertEquals("eos-block", decoding.get("stop").asString());
        assertEquals("256,4.5", decoding.get("stop_repetition").asString());
        assertTrue(decoding.get("reuse_logits").asBoolean());
        options[options.length - 1] = "text";
        String text = CommandLineRun.of(options).out();
        assertTrue(text.contains("attention bidirectional, blocks in parts of 8, guidance 1.5 every 3 calls, hook credit:0.7,0.2,0.8, "
                + "exit prophet:7.5,5.0,2.5, top-k 3, top-p 0.5, reused logits, stop eos-block, stop at repetition 256,4.5, "
                + "EOS [5]\n"), text);
    }

    @Test
    void theThetaScaleShowsInThetaAndContext() {
        String[] llada = {"inspect", "--format", "json", "goldens/checkpoints/llada-mha"};
        assertEquals(4096, json(llada).at("/network/context").asInt());
        assertEquals("none", json(llada).at("/network/rotary_scaling").asString());
        JsonNode scaled = json("inspect", "--format", "json", "--rope-theta-scale", "4", "goldens/checkpoints/llada-mha");
        assertEquals(2_000_000, scaled.at("/network/rotary_theta").asDouble());
        assertTrue(scaled.at("/network/context").asInt() > 4096, scaled.toString());
    }

    @Test
    void theRotaryScalingShows(@TempDir Path model) throws IOException {
        Files.copy(GOLDEN.resolve("model.safetensors"), model.resolve("model.safetensors"));
        Files.writeString(model.resolve("config.json"), Files.readString(GOLDEN.resolve("config.json"))
                .replace("\"rope_scaling\": null", "\"rope_scaling\": {\"type\": \"yarn\", \"factor\": 2.0}"));
        CommandLineRun run = CommandLineRun.of("inspect", model.toString(), "--mask-id", "390");
        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().contains("theta 600000, scaling YaRN by 2.0 from 32768 positions"), run.out());
        assertTrue(run.out().contains("65536 positions"), run.out());
    }

    @Test
    void unknownFamiliesAreShownAsFarAsHeadersGo() {
        CommandLineRun run = CommandLineRun.of("inspect", "goldens/checkpoints/mdlm");
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.out().contains("cannot be loaded: "), run.out());
        assertTrue(run.out().contains("F32"), run.out());
    }

    @Test
    void contradictionsFail(@TempDir Path model) throws IOException {
        Files.copy(GOLDEN.resolve("model.safetensors"), model.resolve("model.safetensors"));
        Files.writeString(model.resolve("config.json"), Files.readString(GOLDEN.resolve("config.json"))
                .replace("\"moe_intermediate_size\": 32", "\"moe_intermediate_size\": 48"));
        CommandLineRun run = CommandLineRun.of("inspect", model.toString(), "--mask-id", "390");
        assertEquals(1, run.exitCode(), run.out());
        assertTrue(run.out().contains("configuration and checkpoint disagree: "), run.out());
    }

    @Test
    void unusableArguments() {
        for (String[] arguments : new String[][] {
            {"inspect", "no-such-directory"},
            {"inspect", GOLDEN.toString(), "--model", GOLDEN.toString()},
            {"inspect", "--batch", "0"},
            {"inspect", "--gen-length", "100000"},
        }) {
            CommandLineRun run = CommandLineRun.of(arguments);
            assertEquals(2, run.exitCode(), String.join(" ", arguments));
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }

    @Test
    void whatOnlyAGenerationShowsIsNamed() {
        assertEquals("dllm: --seed: nothing to be seen of it without generating\n", CommandLineRun.of("inspect", "--seed", "3").err());
        assertEquals(
                "dllm: --verifier: nothing to be seen of it without generating\n",
                CommandLineRun.of("inspect", "--verifier", GOLDEN.toString()).err());
        assertEquals(2, CommandLineRun.of("inspect", "--seed", "3").exitCode());
    }

    private static JsonNode json(String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertEquals(0, run.exitCode(), run.err());
        return new JsonMapper().readTree(run.out());
    }
}
