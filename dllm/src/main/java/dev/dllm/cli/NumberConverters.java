package dev.dllm.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Read decimal numbers. One that a float or double cannot hold is refused as it was written, not as the infinity that it
/// would become.
final class NumberConverters {
    /// More than any method uses, and too little to make an infinity of a logit.
    private static final float MOST_GUIDANCE = 1e6f;

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

    /// Reads the strength of classifier-free guidance.
    static final class OfGuidance implements ITypeConverter<Float> {
        @Override
        public Float convert(String value) {
            float guidance = parseFloat(value);
            if (guidance > MOST_GUIDANCE) {
                throw new TypeConversionException("'" + value + "' is too large: logits would overflow; needs 0 to 1000000");
            }
            return guidance;
        }
    }
}
