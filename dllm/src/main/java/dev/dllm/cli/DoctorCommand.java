package dev.dllm.cli;

import dev.dllm.Diagnosis;
import dev.dllm.Diagnosis.Finding;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `dllm doctor`: what works here and what to change.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "doctor",
        description = "Shows what works on this machine and what to change: Java, its flags, backends, the embedded model.",
        footer = {"", "Exit code 1 if something keeps dllm from working as it should."})
final class DoctorCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    private final Terminal terminal;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", converter = ConstantConverter.OfFormat.class,
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Mixin private HelpOption help = new HelpOption();

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Diagnosis diagnosis = Diagnosis.run();
        if (format == OutputFormat.JSON) {
            terminal.out().println(json(diagnosis));
        } else {
            diagnosis.findings().forEach(finding -> terminal.out().println(line(finding)));
            terminal.out().println(diagnosis.healthy() ? "dllm works here" : "dllm does not work here as it should");
        }
        return diagnosis.healthy() ? 0 : Main.CHECK_FAILED;
    }

    private static String line(Finding finding) {
        return "%-8s %-15s %s%s".formatted(
                name(finding), finding.subject(), finding.found(), finding.advice().map(text -> "; " + text).orElse(""));
    }

    private static String json(Diagnosis diagnosis) {
        ObjectNode json = JSON.createObjectNode();
        json.put("healthy", diagnosis.healthy());
        for (Finding finding : diagnosis.findings()) {
            json.withArray("findings").addObject()
                    .put("subject", finding.subject())
                    .put("status", name(finding))
                    .put("found", finding.found())
                    .put("advice", finding.advice().orElse(null));
        }
        return JSON.writeValueAsString(json);
    }

    private static String name(Finding finding) {
        return finding.status().name().toLowerCase(Locale.ROOT);
    }
}
