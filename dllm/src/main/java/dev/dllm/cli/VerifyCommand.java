package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.LoadOptions;
import dev.dllm.golden.CaseResult;
import dev.dllm.golden.CaseResult.Outcome;
import dev.dllm.golden.GoldenRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// `dllm verify`: compares this runtime with a set of golden outputs.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "verify",
        description = "Compares this runtime with the outputs of the authors' own implementations, case by case.",
        footer = {
            "",
            "A line per case: equal, differs (where first, by how much), unsupported (what",
            "is missing) or error. Exit code 0 only if nothing differs or errs.",
            "",
            "Examples:",
            "  dllm verify dllm/goldens",
            "  dllm verify dllm/goldens --only 'logits/llada2-moe*' --only 'tokenizers/*'"
        })
final class VerifyCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", description = "The golden set: a directory with manifest.json.")
    private Path directory = Path.of("");

    @Option(names = "--only", paramLabel = "GLOB",
            description = "Only cases whose file path matches; * crosses folders; may be repeated.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", converter = ConstantConverter.OfFormat.class,
            description = "text, or json with an object per case and a summary (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @Mixin private ComputeOptions compute = new ComputeOptions();

    @Mixin private HelpOption help = new HelpOption();

    VerifyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (Files.isRegularFile(directory)) {
            throw new InvalidRequestException(directory + ": is a file; a golden set is a directory with manifest.json");
        }
        Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome, 0);
        }
        try (GoldenRunner runner = new GoldenRunner(directory, only, compute.compute(LoadOptions.defaults()))) {
            for (int i = 0; i < runner.size(); i++) {
                CaseResult result = runner.run(i);
                counts.merge(result.outcome(), 1, Integer::sum);
                terminal.out().println(format == OutputFormat.JSON ? json(result) : line(result));
                if (terminal.out().checkError()) {
                    return Main.UNUSABLE;
                }
            }
        }
        terminal.out().println(format == OutputFormat.JSON ? json(counts) : line(counts));
        boolean failed = counts.get(Outcome.DIFFERS) > 0 || counts.get(Outcome.ERROR) > 0;
        return failed ? Main.CHECK_FAILED : 0;
    }

    private static String line(CaseResult result) {
        String detail = result.detail().isEmpty() ? "" : ": " + result.detail();
        return "%-11s %s%s".formatted(result.outcome(), result.file(), detail);
    }

    private static String line(Map<Outcome, Integer> counts) {
        return "%d equal, %d differ, %d unsupported, %d errors".formatted(
                counts.get(Outcome.EQUAL), counts.get(Outcome.DIFFERS),
                counts.get(Outcome.UNSUPPORTED), counts.get(Outcome.ERROR));
    }

    private static String json(CaseResult result) {
        ObjectNode json = JSON.createObjectNode();
        json.put("file", result.file());
        json.put("kind", result.kind());
        json.put("outcome", result.outcome().toString());
        json.put("detail", result.detail());
        json.put("seconds", result.seconds());
        return JSON.writeValueAsString(json);
    }

    private static String json(Map<Outcome, Integer> counts) {
        ObjectNode json = JSON.createObjectNode();
        json.put("equal", counts.get(Outcome.EQUAL));
        json.put("differ", counts.get(Outcome.DIFFERS));
        json.put("unsupported", counts.get(Outcome.UNSUPPORTED));
        json.put("errors", counts.get(Outcome.ERROR));
        return JSON.writeValueAsString(json);
    }
}
