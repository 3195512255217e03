package dev.dllm.cli;

import dev.dllm.decode.Unmasking;
import dev.dllm.decode.UnmaskingRules;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads an unmasking rule by its name and arguments.
final class UnmaskingConverter implements ITypeConverter<Unmasking> {

    @Override
    public Unmasking convert(String value) {
        try {
            return UnmaskingRules.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
