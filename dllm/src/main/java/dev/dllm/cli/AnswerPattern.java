package dev.dllm.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Finds the answer in a generated text: what the first group of a regular expression holds, or all that it matches if it has
/// no group, where it matches last.
record AnswerPattern(Pattern pattern) {

    /// The answer; none if nothing matches, or only nothing does.
    Optional<String> in(String text) {
        Optional<String> answer = Optional.empty();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            String found = matcher.group(Math.min(1, matcher.groupCount()));
            answer = found == null || found.isEmpty() ? answer : Optional.of(found);
        }
        return answer;
    }

    static final class Converter implements ITypeConverter<AnswerPattern> {
        @Override
        public AnswerPattern convert(String value) {
            try {
                if (value.isEmpty()) {
                    throw new TypeConversionException("is empty; needs a regular expression that the answer matches");
                }
                return new AnswerPattern(Pattern.compile(value));
            } catch (PatternSyntaxException e) {
                throw new TypeConversionException(
                        "'" + value + "' is no regular expression: " + e.getDescription() + " near index " + e.getIndex());
            }
        }
    }
}
