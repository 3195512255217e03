package dev.dllm.cli;

import dev.dllm.embed.Pooling;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads how hidden states are pooled.
final class PoolingConverter implements ITypeConverter<Pooling> {
    @Override
    public Pooling convert(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "mean" -> Pooling.MEAN;
            case "last" -> Pooling.LAST;
            case "first" -> Pooling.FIRST;
            default -> throw new TypeConversionException("'" + value + "' is not one of mean, last, first");
        };
    }
}
