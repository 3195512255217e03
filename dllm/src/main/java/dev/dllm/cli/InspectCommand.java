package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.MemoryEstimate;
import dev.dllm.ModelInspection;
import dev.dllm.decode.DecodeSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `dllm inspect`: what a model is and needs, without loading it.
@Command(
        sortOptions = false,
        abbreviateSynopsis = true,
        name = "inspect",
        description = "Shows what a model is and what it needs, from its configuration and the headers of its checkpoint.",
        footer = {
            "",
            "Weights are not read. Exit code 1 if configuration and checkpoint disagree, 2 if",
            "the model cannot be loaded; then it is shown as far as it is understood.",
            "",
            "Examples:",
            "  dllm inspect",
            "  dllm inspect DIR --prompt-length 1000 --gen-length 512 --batch 8",
            "  dllm inspect DIR --tensors --format json"
        })
final class InspectCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "DIR", arity = "0..1",
            description = "Model directory (default: the small model that ships with dllm).")
    private @Nullable Path directory;

    @Option(names = "--prompt-length", paramLabel = "N", defaultValue = "128",
            description = "Prompt tokens to estimate memory for (default: ${DEFAULT-VALUE}).")
    private int promptLength = 128;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "1",
            description = "Sequences generated together to estimate memory for (default: ${DEFAULT-VALUE}).")
    private int batch = 1;

    @Option(names = "--tensors", description = "List every tensor.")
    private boolean tensors;

    @Option(names = "--format", paramLabel = "FORMAT", defaultValue = "text", converter = ConstantConverter.OfFormat.class,
            description = "text or json (default: ${DEFAULT-VALUE}).")
    private OutputFormat format = OutputFormat.TEXT;

    @ArgGroup(exclusive = false, validate = false, heading = "%nThe model:%n", order = 20)
    private ModelOptions model = new ModelOptions();

    @ArgGroup(exclusive = false, validate = false, heading = DecodeOptions.HEADING, order = 10)
    private DecodeOptions decode = new DecodeOptions();

    @Mixin private HelpOption help = new HelpOption();

    InspectCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (promptLength < 1 || batch < 1) {
            throw new InvalidRequestException("--prompt-length " + promptLength + ", --batch " + batch + ": need 1 or more");
        }
        if (!decode.needingGeneration().isEmpty()) {
            throw new InvalidRequestException(
                    String.join(" and ", decode.needingGeneration()) + ": nothing to be seen of it without generating");
        }
        ModelInspection inspection = model.inspect(directory);
        Optional<DecodeSettings> settings = inspection.network().map(network -> decode.apply(network.settings()));
        Optional<MemoryEstimate> memory =
                inspection.network().map(network -> network.memory(batch, promptLength, settings.orElseThrow()));
        InspectionReport report = new InspectionReport(inspection, settings, memory, batch, promptLength, tensors);
        terminal.out().print(format == OutputFormat.JSON ? report.json() + "\n" : report.text());
        if (inspection.network().isEmpty()) {
            return Main.UNUSABLE;
        }
        return inspection.problem().isPresent() ? Main.CHECK_FAILED : 0;
    }
}
