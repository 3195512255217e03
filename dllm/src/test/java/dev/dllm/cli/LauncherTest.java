package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cli.LauncherCheckout.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What `bin/dllm` does around the JVM, with a JDK and a Maven of the test's own.
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final String BUILD = """
            echo built >>builds
            mkdir -p dllm/target/launcher/lib
            touch dllm/target/launcher/lib/other.jar dllm/target/launcher/dllm-1.jar
            """;

    private LauncherCheckout checkout;
    private Map<String, String> environment;

    @BeforeEach
    void create(@TempDir Path directory) throws IOException {
        checkout = new LauncherCheckout(directory);
        checkout.maven(BUILD);
        environment = Map.of("DLLM_JAVA_HOME", checkout.jdk("jdk 25", "25.0.3").toString());
    }

    @Test
    void argumentsArriveAsTheyAre() throws IOException {
        String[] arguments = {"two words", "", "größe → 🙂", "\"quoted\" '$HOME' \\ *", "two\nlines", "--model"};
        Result result = run(arguments);
        assertEquals(7, result.exitCode(), result.err());
        StringBuilder expected = new StringBuilder("[dev.dllm.cli.Main]\n");
        for (String argument : arguments) {
            expected.append('[').append(argument).append("]\n");
        }
        assertTrue(result.out().endsWith(expected.toString()), result.out());
        Path lib = checkout.root().toRealPath().resolve("dllm/target/app/lib");
        assertTrue(result.out().contains("[" + lib + "/dllm-1.jar:" + lib + "/other.jar]"), result.out());
    }

    @Test
    void worksThroughSymbolicLinks() throws IOException {
        Path bin = Files.createDirectories(checkout.beside("a bin"));
        Files.createSymbolicLink(bin.resolve("direct"), checkout.launcher());
        Files.createSymbolicLink(bin.resolve("relative"), Path.of("../check out/bin/dllm"));
        Files.createSymbolicLink(bin.resolve("chain"), Path.of("relative"));
        Files.createSymbolicLink(checkout.beside("folder"), checkout.root().resolve("bin"));
        for (String link : new String[] {"a bin/direct", "a bin/relative", "a bin/chain", "folder/dllm"}) {
            Result result = Result.of(checkout.start(checkout.beside(link), environment, "hello"));
            assertTrue(result.out().endsWith("[hello]\n"), link + ": " + result);
        }
        assertEquals(1, builds());
    }

    @Test
    void theRemarkOnTheIncubatorModuleIsDroppedAndNothingElse() throws IOException {
        run();
        assertEquals("a real warning\n", run().err());
    }

    @Test
    void versionsThatSuit() {
        for (String version : new String[] {"25.0.3", "25.0.3.1", "25.0.12", "25.1.0"}) {
            assertTrue(suits(version), version);
        }
        for (String version : new String[] {"25", "25.0", "25.0.2", "25.0.2.1", "24.0.9", "26", "26.0.3", "1.8.0_402", "", "x"}) {
            assertFalse(suits(version), version);
        }
    }

    @Test
    void theJdkOfTheUserComesFirst() throws IOException {
        String javaHome = checkout.jdk("other jdk", "25.0.4").toString();
        assertTrue(Result.of(checkout.start(Map.of("JAVA_HOME", javaHome))).exitCode() == 7);
        assertTrue(Files.readString(checkout.root().resolve("dllm/target/app/built")).contains("other jdk"));
        run();
        assertTrue(Files.readString(checkout.root().resolve("dllm/target/app/built")).contains("jdk 25"));
        Result old = Result.of(checkout.start(Map.of("DLLM_JAVA_HOME", checkout.jdk("old", "25.0.2").toString())));
        assertEquals(2, old.exitCode());
        assertTrue(old.err().contains("holds 25.0.2; needs a JDK 25.0.3 or later, below 26"), old.err());
    }

    @Test
    void aJdkOnThePathIsFoundThroughLinks() throws IOException {
        Path home = checkout.jdk("jdk on path", "25.0.3");
        Path links = Files.createDirectories(checkout.beside("links"));
        Files.createSymbolicLink(links.resolve("java"), home.resolve("bin/java"));
        String path = links + ":" + checkout.beside("tools") + ":" + System.getenv("PATH");
        Result result = Result.of(checkout.start(
                Map.of("PATH", path, "JAVA_HOME", checkout.jdk("too old", "17.0.15").toString())));
        assertEquals(7, result.exitCode(), result.err());
        assertTrue(Files.readString(checkout.root().resolve("dllm/target/app/built")).contains("jdk on path"));
    }

    @Test
    void buildsAgainWhenASourceIsNewer() throws IOException {
        run();
        run();
        assertEquals(1, builds());
        for (String source : new String[] {"dllm/src/main/java", "dllm/pom.xml", "pom.xml", "bin/dllm"}) {
            int before = builds();
            Files.setLastModifiedTime(
                    checkout.root().resolve(source), FileTime.fromMillis(System.currentTimeMillis() + 60_000));
            run();
            assertEquals(before + 1, builds(), source);
            Files.setLastModifiedTime(checkout.root().resolve(source), FileTime.fromMillis(0));
        }
    }

    @Test
    void aBuildThatFailsSaysWhyAndLeavesNothing() throws IOException {
        checkout.maven("echo '[ERROR] no such class'; exit 1");
        Result failed = run();
        assertEquals(2, failed.exitCode());
        assertTrue(failed.err().contains("[ERROR] no such class"), failed.err());
        assertTrue(failed.err().contains("launcher.log"), failed.err());
        assertFalse(Files.exists(checkout.root().resolve("dllm/target/app")));
        checkout.maven(BUILD);
        assertEquals(7, run().exitCode());
    }

    @Test
    void oneBuildsAndTheOthersWait() throws IOException {
        checkout.maven("sleep 1\n" + BUILD);
        List<Process> processes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            processes.add(checkout.start(environment, "number " + i));
        }
        for (int i = 0; i < 3; i++) {
            Result result = Result.of(processes.get(i));
            assertTrue(result.out().endsWith("[number " + i + "]\n"), result.err());
        }
        assertEquals(1, builds());
    }

    @Test
    void anInterruptedBuildEndsAtOnceAndLeavesNothing() throws Exception {
        checkout.maven("touch started; sleep 60; touch finished");
        Process process = checkout.start(environment);
        while (!Files.exists(checkout.root().resolve("started"))) {
            assertTrue(process.isAlive());
            Thread.sleep(10);
        }
        LauncherCheckout.signal(process, "TERM");
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        assertEquals(143, process.exitValue());
        assertFalse(Files.exists(checkout.root().resolve("dllm/target/app")));
        checkout.maven(BUILD);
        assertEquals(7, run().exitCode());
        assertEquals(1, builds());
    }

    @Test
    void mavenIsNeededToBuildOnly() throws IOException {
        Path tools = Files.createDirectories(checkout.beside("few tools"));
        for (String tool : new String[] {"bash", "env", "find", "readlink", "stty", "mkdir", "rm"}) {
            LauncherCheckout.executable(tools.resolve(tool), toolOnPath("bash"), "exec " + toolOnPath(tool) + " \"$@\"");
        }
        Map<String, String> withoutMaven =
                Map.of("PATH", tools.toString(), "DLLM_JAVA_HOME", environment.get("DLLM_JAVA_HOME"));
        Result missing = Result.of(checkout.start(withoutMaven));
        assertEquals(2, missing.exitCode(), missing.err());
        assertTrue(missing.err().contains("needs Maven"), missing.err());
        run();
        assertEquals(7, Result.of(checkout.start(withoutMaven)).exitCode());
    }

    private Result run(String... arguments) {
        return Result.of(checkout.start(environment, arguments));
    }

    private int builds() throws IOException {
        return Files.readAllLines(checkout.root().resolve("builds")).size();
    }

    /// Asks the function of the launcher.
    private boolean suits(String version) {
        try {
            return new ProcessBuilder("bash", "-c", "source '" + checkout.launcher() + "'; suits \"$1\"", "test", version)
                    .start().waitFor() == 0;
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path toolOnPath(String tool) {
        for (String folder : System.getenv("PATH").split(":")) {
            Path file = Path.of(folder, tool);
            if (Files.isExecutable(file)) {
                return file;
            }
        }
        throw new IllegalStateException("no " + tool + " on PATH");
    }
}
