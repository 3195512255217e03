package dev.dllm.cli;

import dev.dllm.LoadOptions;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `auto`, `packed` or `mapped`.
final class WeightsConverter implements ITypeConverter<LoadOptions.Weights> {

    @Override
    public LoadOptions.Weights convert(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "auto" -> LoadOptions.Weights.AUTO;
            case "packed" -> LoadOptions.Weights.PACKED;
            case "mapped" -> LoadOptions.Weights.MAPPED;
            default -> throw new TypeConversionException("'" + value + "' is not one of auto, packed, mapped");
        };
    }
}
