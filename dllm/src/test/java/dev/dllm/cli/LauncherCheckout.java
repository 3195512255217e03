package dev.dllm.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A checkout that holds no more than `bin/dllm` looks at, with a blank in its path, and a `mvn` of the test's own before
/// the real one on `PATH`.
final class LauncherCheckout {
    private final Path parent;
    private final Path root;
    private final Path tools;

    /// @param parent an empty directory
    LauncherCheckout(Path parent) throws IOException {
        this.parent = parent;
        root = Files.createDirectories(parent.resolve("check out"));
        tools = Files.createDirectories(parent.resolve("tools"));
        Files.createDirectories(root.resolve("bin"));
        Files.createDirectories(root.resolve("dllm/src/main/java"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("dllm/pom.xml"), "");
        Files.copy(Path.of("../bin/dllm"), launcher(), StandardCopyOption.COPY_ATTRIBUTES);
    }

    Path root() {
        return root;
    }

    Path launcher() {
        return root.resolve("bin/dllm");
    }

    /// A directory of the test's own beside the checkout.
    Path beside(String name) {
        return parent.resolve(name);
    }

    /// What `mvn` does when the launcher calls it in the root of the checkout.
    void maven(String script) throws IOException {
        executable(tools.resolve("mvn"), "cd '" + root + "'\n" + script);
    }

    /// A JDK that prints its arguments, one in brackets after the other, and exits with code 7. Asked to train an AOT cache,
    /// it makes a file.
    Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(parent.resolve(name).resolve("bin")).getParent();
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\nOS=\"x\"\n");
        executable(home.resolve("bin/javac"), "");
        executable(home.resolve("bin/java"), """
                for argument; do
                  case $argument in -XX:AOTCacheOutput=*) echo cache >"${argument#*=}"; exit ;; esac
                done
                echo 'WARNING: Using incubator modules: jdk.incubator.vector' >&2
                echo 'a real warning' >&2
                exec 2>&3
                printf '[%s]\\n' "$@"
                exit 7
                """);
        return home;
    }

    private static void executable(Path file, String script) throws IOException {
        executable(file, Path.of("/usr/bin/env bash"), script);
    }

    /// Makes a script.
    static void executable(Path file, Path interpreter, String script) throws IOException {
        Files.writeString(file, "#!" + interpreter + "\n" + script);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /// Starts the launcher from the directory above the checkout.
    Process start(Map<String, String> environment, String... arguments) {
        return start(launcher(), environment, arguments);
    }

    /// Starts the launcher by another path.
    Process start(Path launcher, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(parent.toFile());
        builder.environment().keySet().removeAll(List.of("DLLM_JAVA_HOME", "DLLM_JAVA_OPTIONS", "JAVA_HOME"));
        builder.environment().merge("PATH", tools.toString(), (path, first) -> first + ":" + path);
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Sends a signal and leaves the pipes open.
    static void signal(Process process, String name) throws IOException, InterruptedException {
        int exitCode = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException("kill -" + name + " " + process.pid() + " exits with " + exitCode);
        }
    }

    /// What a launcher printed and how it ended.
    record Result(int exitCode, String out, String err) {
        static Result of(Process process) {
            try {
                process.getOutputStream().close();
                // Too little to fill a pipe: one after the other is enough.
                String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
                return new Result(process.waitFor(), out, err);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
