package dev.dllm.cli;

import dev.dllm.decode.Repetition;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads what counts as a repetition: a whole number of tokens, a comma, an entropy.
final class RepetitionConverter implements ITypeConverter<Repetition> {

    @Override
    public Repetition convert(String value) {
        String[] numbers = value.split(",", -1);
        try {
            if (numbers.length == 2) {
                return new Repetition(Integer.parseInt(numbers[0].strip()), NumberConverters.parseDouble(numbers[1].strip()));
            }
        } catch (NumberFormatException _) {
            throw new TypeConversionException("'" + numbers[0] + "' is not a whole number; needs 2 numbers, as in 256,4");
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
        throw new TypeConversionException("'" + value + "' has " + numbers.length + " values: needs 2, as in 256,4");
    }
}
