package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cli.LauncherCheckout.Result;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The whole command as users start it: `bin/dllm`, the JVM that runs the tests, the classes under test. Only Maven is
/// replaced, by a script that puts the class path of the tests together.
@DisabledOnOs(OS.WINDOWS)
class LaunchedProcessTest {
    private static final Map<String, String> ENVIRONMENT = Map.of("DLLM_JAVA_HOME", System.getProperty("java.home"));

    @TempDir
    private static Path directory;

    private static LauncherCheckout checkout;

    @BeforeAll
    static void build() throws IOException {
        checkout = new LauncherCheckout(directory);
        StringBuilder script = new StringBuilder("set -e; mkdir -p dllm/target/launcher/lib\n");
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (Files.isDirectory(Path.of(entry))) {
                script.append("'%s/bin/jar' --create --file dllm/target/launcher/lib/classes-%d.jar -C '%s' .%n"
                        .formatted(System.getProperty("java.home"), number++, entry));
            } else if (entry.endsWith(".jar")) {
                script.append("cp '%s' dllm/target/launcher/lib/%n".formatted(entry));
            }
        }
        checkout.maven(script.append("mv dllm/target/launcher/lib/classes-0.jar dllm/target/launcher/dllm-0.jar\n").toString());
        Result result = run("doctor");
        assertEquals(0, result.exitCode(), result.toString());
        assertTrue(result.out().contains("AOT cache       in use: "), result.out());
    }

    @Test
    void answersAndLeavesStandardErrorClean() {
        assertEquals(new Result(0, "12 + 30 = 42\n", ""), run("generate", "What is 12 + 30?"));
    }

    @Test
    void argumentsAndFileNamesAreUnicodeWhateverTheLocale() throws IOException {
        Files.writeString(checkout.beside("prompt größe 数.txt"), "What is 12 + 30?");
        Map<String, String> environment = Map.of("DLLM_JAVA_HOME", System.getProperty("java.home"), "LC_ALL", "C");
        Result result = Result.of(checkout.start(environment, "generate", "--prompt-file", "prompt größe 数.txt"));
        assertEquals(new Result(0, "12 + 30 = 42\n", ""), result);
        Result refused = Result.of(checkout.start(environment, "inspect", "größe →\n🙂"));
        assertEquals(2, refused.exitCode());
        assertTrue(refused.err().startsWith("dllm: größe → 🙂: no such directory"), refused.err());
    }

    @Test
    void anInterruptEndsAChatAtOnce() throws Exception {
        Process process = checkout.start(ENVIRONMENT, "chat");
        process.getOutputStream().write("What is 12 + 30?\n".getBytes());
        process.getOutputStream().flush();
        assertEquals('1', process.getInputStream().read());
        LauncherCheckout.signal(process, "INT");
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(130, process.exitValue());
    }

    @Test
    void anInterruptEndsAnEvaluationWithWhatIsFinished() throws Exception {
        String seeds = IntStream.range(0, 5000).mapToObj(Integer::toString).collect(Collectors.joining(","));
        Process process = checkout.start(
                ENVIRONMENT, "eval", Path.of("../docs/eval-sample.jsonl").toAbsolutePath().toString(), "--limit", "2", "--grid",
                "seed=" + seeds);
        BufferedReader out = process.inputReader();
        assertTrue(out.readLine().contains("accuracy"));
        assertTrue(out.readLine().startsWith("  1 seed=0"));
        LauncherCheckout.signal(process, "INT");
        List<String> rest = out.readAllLines();
        assertEquals(130, process.waitFor());
        assertTrue(rest.getLast().matches(" +[0-9]+ +[0-9]+ +[0-9]+"), rest.toString());
        assertEquals("dllm: interrupted", process.errorReader().readAllLines().getLast());
    }

    /// As `head` does; nobody is left to be told.
    @Test
    void aReaderMayLeave() throws Exception {
        Process process = checkout.start(ENVIRONMENT, "help", "generate");
        process.getInputStream().close();
        assertEquals(141, process.waitFor());
        assertEquals(List.of(), process.errorReader().readAllLines());
    }

    @Test
    void optionsOfTheUserReachTheJvm() {
        Result result = Result.of(checkout.start(
                Map.of("DLLM_JAVA_HOME", System.getProperty("java.home"), "DLLM_JAVA_OPTIONS", "-Xmx200m -XX:+UseParallelGC",
                        "JAVA_TOOL_OPTIONS", "-Ddllm.test=1"),
                "doctor"));
        assertEquals(0, result.exitCode(), result.toString());
        assertTrue(result.out().contains("at most 2") || result.out().contains("at most 1"), result.out());
        assertTrue(result.err().contains("Picked up JAVA_TOOL_OPTIONS"), result.err());
    }

    private static Result run(String... arguments) {
        return Result.of(checkout.start(ENVIRONMENT, arguments));
    }
}
