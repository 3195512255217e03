package dev.dllm.cli;

import dev.dllm.decode.LogitHook;
import dev.dllm.decode.LogitHooks;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a logit hook by its name and arguments.
final class LogitHookConverter implements ITypeConverter<LogitHook> {

    @Override
    public LogitHook convert(String value) {
        try {
            return LogitHooks.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
