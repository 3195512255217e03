package dev.dllm;

import dev.dllm.Diagnosis.Finding.Status;
import dev.dllm.files.FileFailure;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.BackendProvider;
import dev.dllm.runtime.Backends;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What this process offers the library: Java, its flags, the machine, backends, and whether the embedded model answers.
/// Immutable.
///
/// @param findings in the order in which one thing builds on another
public record Diagnosis(List<Finding> findings) {
    private static final Runtime.Version OLDEST = Runtime.Version.parse("25.0.3");
    private static final Runtime.Version TOO_NEW = Runtime.Version.parse("26");
    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String QUESTION = "What is 12 + 30?";
    private static final String ANSWER = "42";

    public Diagnosis {
        findings = List.copyOf(findings);
    }

    /// One thing that was looked at.
    ///
    /// @param subject what
    /// @param status  how it is
    /// @param found   what was found, in one line
    /// @param advice  what to change, if something should be
    public record Finding(String subject, Status status, String found, Optional<String> advice) {

        /// How something is.
        public enum Status {
            /// As it should be.
            OK,
            /// Works, but something is slower or missing that is not needed.
            NOTE,
            /// Keeps the library from working as it should.
            PROBLEM
        }

        private static Finding ok(String subject, String found) {
            return new Finding(subject, Status.OK, found, Optional.empty());
        }

        private static Finding note(String subject, String found, String advice) {
            return new Finding(subject, Status.NOTE, found, Optional.of(advice));
        }

        private static Finding problem(String subject, String found, String advice) {
            return new Finding(subject, Status.PROBLEM, found, Optional.of(advice));
        }
    }

    /// Looks at this process. Opens every backend, and runs one short generation of the embedded model.
    public static Diagnosis run() {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(vectorModule());
        findings.add(nativeAccess());
        findings.add(aotCache());
        findings.add(machine());
        for (BackendProvider provider : Backends.providers()) {
            findings.add(backend(provider));
        }
        findings.add(embeddedModel());
        return new Diagnosis(findings);
    }

    /// Whether nothing keeps the library from working as it should.
    public boolean healthy() {
        return findings.stream().noneMatch(finding -> finding.status() == Status.PROBLEM);
    }

    private static Finding java() {
        Runtime.Version version = Runtime.version();
        String found = "%s by %s in %s".formatted(
                version, System.getProperty("java.vendor"), System.getProperty("java.home"));
        if (version.compareToIgnoreOptional(TOO_NEW) >= 0) {
            return Finding.note("Java", found, "tested on 25 only; the Vector API may differ");
        }
        return version.compareToIgnoreOptional(OLDEST) >= 0
                ? Finding.ok("Java", found)
                : Finding.problem("Java", found,
                        "use 25.0.3 or later: earlier ones may move arrays that native code works on (JDK-8377811)");
    }

    private static Finding vectorModule() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent()
                ? Finding.ok("Vector API", "present")
                : Finding.problem("Vector API", "missing, so the CPU backend runs scalar kernels",
                        "start Java with --add-modules " + VECTOR_MODULE);
    }

    private static Finding nativeAccess() {
        Module module = Diagnosis.class.getModule();
        return module.isNativeAccessEnabled()
                ? Finding.ok("native access", "enabled")
                : Finding.note("native access", "not enabled; Java warns when a GPU is used",
                        "start Java with --enable-native-access=" + (module.isNamed() ? "ALL-MODULE-PATH" : "ALL-UNNAMED"));
    }

    private static Finding aotCache() {
        String advice = "starts are slower; bin/dllm makes one when it builds, other applications with -XX:AOTCacheOutput";
        Path maps = Path.of("/proc/self/maps");
        if (!Files.isReadable(maps)) {
            return Finding.note("AOT cache", "this system does not tell", advice);
        }
        try (Stream<String> lines = Files.lines(maps)) {
            Optional<String> cache = lines.filter(line -> line.endsWith(".aot"))
                    .map(line -> line.substring(line.indexOf('/')))
                    .findFirst();
            return cache.map(path -> Finding.ok("AOT cache", "in use: " + path))
                    .orElseGet(() -> Finding.note("AOT cache", "not in use", advice));
        } catch (IOException e) {
            return Finding.note("AOT cache", maps + " cannot be read: " + FileFailure.reason(e), advice);
        }
    }

    private static Finding machine() {
        Runtime runtime = Runtime.getRuntime();
        long available = HostMemory.availableBytes();
        return Finding.ok("machine", "%s, %d processors, %s, at most %d MiB of heap".formatted(
                System.getProperty("os.name") + " " + System.getProperty("os.arch"),
                runtime.availableProcessors(),
                available == Long.MAX_VALUE ? "memory not told" : (available >> 20) + " MiB of memory available",
                runtime.maxMemory() >> 20));
    }

    private static Finding backend(BackendProvider provider) {
        String subject = "backend " + provider.name();
        Optional<String> reason = provider.unavailable();
        if (reason.isPresent()) {
            return Finding.note(subject, "cannot run here: " + reason.get(), "needed for --backend " + provider.name() + " only");
        }
        try (Backend backend = Backends.open(provider.name(), LoadOptions.defaults().backendOptions())) {
            return Finding.ok(subject, backend.description());
        } catch (RuntimeException e) {
            return Finding.problem(subject, "does not open: " + e.getMessage(), "see the message");
        }
    }

    private static Finding embeddedModel() {
        String subject = "embedded model";
        try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
            GenerationResult result = session.generate(Prompt.chat(QUESTION), model.settings());
            String found = "asked '%s', answers '%s' (NFE %d, %d ms)".formatted(
                    QUESTION, result.text(), result.calls(), Math.round(result.seconds() * 1000));
            return result.text().contains(ANSWER)
                    ? Finding.ok(subject, found)
                    : Finding.problem(subject, found, "the answer should contain " + ANSWER
                            + "; please report this with the lines above");
        } catch (RuntimeException e) {
            return Finding.problem(subject, "does not run: " + e.getMessage(), "please report this with the lines above");
        }
    }
}
