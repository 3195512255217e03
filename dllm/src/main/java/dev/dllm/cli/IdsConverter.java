package dev.dllm.cli;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads token ids separated by commas.
final class IdsConverter implements ITypeConverter<int[]> {

    @Override
    public int[] convert(String value) {
        try {
            return Arrays.stream(value.split(",", -1)).map(String::strip).mapToInt(Integer::parseInt).toArray();
        } catch (NumberFormatException _) {
            throw new TypeConversionException("'" + value + "' is no list of ids; needs whole numbers separated by commas");
        }
    }
}
