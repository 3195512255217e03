package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {

    @Test
    void aMachineThatRunsTheTestsIsHealthy() {
        CommandLineRun run = CommandLineRun.of("doctor", "--format", "json");
        assertEquals(0, run.exitCode(), run.out());
        JsonNode json = new JsonMapper().readTree(run.out());
        assertTrue(json.get("healthy").asBoolean());
        Map<String, JsonNode> findings = new HashMap<>();
        json.get("findings").forEach(finding -> findings.put(finding.get("subject").asString(), finding));
        assertTrue(found(findings, "Java").startsWith(Runtime.version().toString()));
        assertEquals("present", found(findings, "Vector API"));
        assertTrue(found(findings, "backend cpu").contains("threads") || found(findings, "backend cpu").contains("thread"));
        assertTrue(findings.containsKey("backend cuda"));
        assertTrue(found(findings, "embedded model").contains("'12 + 30 = 42'"));
    }

    @Test
    void theLastLineSaysItAll() {
        CommandLineRun run = CommandLineRun.of("doctor");
        assertEquals("dllm works here", run.out().lines().toList().getLast());
    }

    private static String found(Map<String, JsonNode> findings, String subject) {
        return findings.get(subject).get("found").asString();
    }
}
