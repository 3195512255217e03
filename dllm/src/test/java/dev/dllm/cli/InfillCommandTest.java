package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class InfillCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    @Test
    void theTextAroundTheHolesStays() {
        CommandLineRun run = CommandLineRun.of("infill", "--hole-length", "3", "Tom has a <hole> ball and a <hole> cat.");

        assertEquals(0, run.exitCode(), run.err());
        assertTrue(run.out().matches("(?s)Tom has a.* ball and a.* cat\\.\n"), run.out());
        assertTrue(!run.out().contains("<hole>"), run.out());
    }

    @Test
    void jsonTellsWhatEachHoleHolds() {
        CommandLineRun run = CommandLineRun.of(
                "infill", "--format", "json", "--hole-length", "2,5", "--marker", "___", "Tom has a ___ ball and a ___ cat.");
        JsonNode json = JSON.readTree(run.out());

        assertEquals(List.of(2, 5), json.get("holes").valueStream().map(hole -> hole.get("ids").size()).toList(), run.err());
        String filled = "Tom has a" + json.get("holes").get(0).get("text").asString() + " ball and a"
                + json.get("holes").get(1).get("text").asString() + " cat.";
        assertEquals(filled, json.get("text").asString());
        assertTrue(json.get("nfe").asInt() > 0);
    }

    @Test
    void theTextComesFromAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("text.txt"), "Tom has a <hole> ball.\n");
        CommandLineRun run = CommandLineRun.of("infill", "--text-file", file.toString(), "--hole-length", "1");

        assertTrue(run.out().startsWith("Tom has a"), run.err());
        assertTrue(run.out().endsWith(" ball.\n"), run.out());
    }

    @Test
    void whatCannotBeFilledIsRefused() {
        assertRefused("no '<hole>'", "infill", "Tom has a ball.");
        assertRefused("begins with a hole", "infill", "<hole> has a ball.");
        assertRefused("one for each of the 2 holes", "infill", "--hole-length", "1,2,3", "a <hole> b <hole>");
        assertRefused("a hole of 0 positions", "infill", "--hole-length", "0", "a <hole> b");
        assertRefused("bidirectional attention only", "infill", "--attention", "block-causal", "a <hole> b");
        assertRefused("use --hole-length", "infill", "--gen-length", "8", "a <hole> b");
        assertRefused("--marker is empty", "infill", "--marker", "", "a <hole> b");
    }

    private static void assertRefused(String message, String... arguments) {
        CommandLineRun run = CommandLineRun.of(arguments);
        assertEquals(2, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertEquals("", run.out());
    }
}
