package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.ModelInspection;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which model, how it is loaded, and where it runs.
final class ModelOptions extends ComputeOptions {
    @Option(names = "--model", paramLabel = "DIR",
            description = "Model directory in the Hugging Face layout (default: the small model that ships with dllm).")
    private @Nullable Path directory;

    @Option(names = "--preset", paramLabel = "NAME",
            description = "Published decoding settings to start from (default: the model's own): a setting of the family, or a mode "
                    + "of a serving engine such as sglang-low-confidence; an unknown name lists them all.")
    private @Nullable String preset;

    @Option(names = "--family", paramLabel = "NAME",
            description = "Model family, where the files do not say enough.")
    private @Nullable String family;

    @Option(names = "--mask-id", paramLabel = "N",
            description = "Id of the mask token, where the files do not name it.")
    private @Nullable Integer maskId;

    @Option(names = "--rope-theta-scale", paramLabel = "λ", defaultValue = "1",
            description = "Read texts longer than the model was trained on: multiplies the theta of its rotary embedding, "
                    + "which slows down the rotation of keys with distance. LLaDA-8B, trained on 4096 positions, needs 4 for "
                    + "8K, 14 for 16K, 31 for 24K and 55 for 32K. Details from far back may be missed "
                    + "(default: ${DEFAULT-VALUE}, as trained).")
    private double ropeThetaScale = 1;

    @Option(names = "--weights", paramLabel = "HOW", defaultValue = "auto", converter = ConstantConverter.OfWeights.class,
            description = "mapped: use weights where the files map them; packed: copy them into the form that multiplies "
                    + "fastest; auto: packed if memory allows (default: ${DEFAULT-VALUE}).")
    private LoadOptions.Weights weights = LoadOptions.Weights.AUTO;

    LanguageModel load() {
        return load(null);
    }

    /// Loads the model and says on standard error what is odd about its files.
    ///
    /// @param argument the directory given as an argument of the command, if it takes one
    LanguageModel load(@Nullable Path argument) {
        Path given = given(argument);
        LanguageModel model = given == null ? LanguageModel.embedded(options()) : LanguageModel.load(given, options());
        model.warnings().forEach(warning -> System.err.println("dllm: " + warning));
        return model;
    }

    /// What the model is, without loading it.
    ///
    /// @param argument the directory given as an argument of the command, if it takes one
    ModelInspection inspect(@Nullable Path argument) {
        Path given = given(argument);
        return given == null ? ModelInspection.embedded(options()) : ModelInspection.of(given, options());
    }

    private @Nullable Path given(@Nullable Path argument) {
        if (argument != null && directory != null) {
            throw new InvalidRequestException("more than one model; give DIR or --model");
        }
        return argument == null ? directory : argument;
    }

    LoadOptions options() {
        if (maskId != null && maskId < 0) {
            throw new InvalidRequestException("--mask-id " + maskId + ": needs 0 or more");
        }
        return compute(LoadOptions.defaults())
                .withWeights(weights)
                .withPreset(preset)
                .withFamily(family)
                .withMaskId(maskId == null ? OptionalInt.empty() : OptionalInt.of(maskId))
                .withRopeThetaScale(ropeThetaScale);
    }
}
