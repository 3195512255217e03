package dev.dllm.cli;

import picocli.CommandLine.TypeConversionException;

/// Read decimal numbers. One that a float or double cannot hold is refused as it was written, not as the infinity that it
/// would become.
final class NumberConverters {
    private NumberConverters() {}

    static float parseFloat(String value) {
        double number = parse(value);
        if (Float.isInfinite((float) number)) {
            throw new TypeConversionException("'" + value + "' is too large");
        }
        return Float.parseFloat(value);
    }

    static double parseDouble(String value) {
        double number = parse(value);
        if (Double.isInfinite(number)) {
            throw new TypeConversionException("'" + value + "' is too large");
        }
        return number;
    }

    private static double parse(String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException _) {
            throw new TypeConversionException("'" + value + "' is not a number");
        }
    }
}
