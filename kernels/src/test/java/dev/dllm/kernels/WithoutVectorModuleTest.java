package dev.dllm.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendOptions;
import dev.dllm.runtime.Backends;
import dev.dllm.runtime.DeviceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a JVM that was started with the wrong flags says. Each case is a JVM of its own.
@Timeout(120)
class WithoutVectorModuleTest {

    @Test
    void oneWarningThatNamesTheFlag() throws IOException, InterruptedException {
        List<String> lines = run();
        assertEquals(2, lines.stream().filter("opened scalar kernels, 1 thread"::equals).count(), lines.toString());
        List<String> warnings = lines.stream().filter(line -> line.contains("Vector API")).toList();
        assertEquals(1, warnings.size(), lines.toString());
        assertTrue(warnings.getFirst().contains("--add-modules jdk.incubator.vector"), warnings.getFirst());
    }

    @Test
    void noWarningWhereScalarIsAskedFor() throws IOException, InterruptedException {
        List<String> lines = run("-Ddllm.vector.bits=0");
        assertEquals(List.of("opened scalar kernels, 1 thread", "opened scalar kernels, 1 thread"), lines);
    }

    @Test
    void vectorsThatAreNotThereAreRefused() throws IOException, InterruptedException {
        List<String> lines = run("-Ddllm.vector.bits=128");
        String refusal = "refused system property dllm.vector.bits=128 needs the Vector API: "
                + "start Java with --add-modules jdk.incubator.vector";
        assertEquals(List.of(refusal, refusal), lines);
    }

    @Test
    void anUnknownWidthIsRefused() throws IOException, InterruptedException {
        String refusal = "refused system property dllm.vector.bits='7'; accepted: 0 (scalar), 128, 256, 512";
        assertEquals(List.of(refusal, refusal), run("-Ddllm.vector.bits=7"));
    }

    /// Both outputs of a JVM without the Vector API that opens the backend twice.
    private static List<String> run(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(flags));
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                OpenTwice.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output.lines().toList();
    }

    /// The program of these JVMs.
    static final class OpenTwice {

        private OpenTwice() {}

        public static void main(String[] args) {
            for (int i = 0; i < 2; i++) {
                try (Backend backend = Backends.open("cpu", new BackendOptions(1))) {
                    System.out.println("opened " + backend.description());
                } catch (DeviceException refused) {
                    System.out.println("refused " + refused.getMessage());
                }
            }
        }
    }
}
