package dev.dllm.cli;

import dev.dllm.decode.ConfidenceAdjustment;
import dev.dllm.decode.ConfidenceAdjustments;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a confidence adjustment by its name and value.
final class AdjustmentConverter implements ITypeConverter<ConfidenceAdjustment> {

    @Override
    public ConfidenceAdjustment convert(String value) {
        try {
            return ConfidenceAdjustments.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
