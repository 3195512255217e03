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
                return new Repetition(Integer.parseInt(numbers[0].strip()), Double.parseDouble(numbers[1].strip()));
            }
        } catch (NumberFormatException _) {
            throw new TypeConversionException("'" + value + "': needs a whole number and a number, as in 256,4");
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
        throw new TypeConversionException("'" + value + "' has " + numbers.length + " values: needs 2, as in 256,4");
    }
}
