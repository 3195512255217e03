package dev.dllm.cli;

import dev.dllm.vote.StepWeight;
import dev.dllm.vote.StepWeights;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads the weight of steps by its name and argument.
final class StepWeightConverter implements ITypeConverter<StepWeight> {

    @Override
    public StepWeight convert(String value) {
        try {
            return StepWeights.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
