package dev.dllm.cli;

import dev.dllm.decode.ExitRule;
import dev.dllm.decode.ExitRules;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads an exit rule by its name and arguments.
final class ExitConverter implements ITypeConverter<ExitRule> {

    @Override
    public ExitRule convert(String value) {
        try {
            return ExitRules.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
