package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Patterns that mean one thing to Oniguruma and another, or nothing, to the JDK. What they split texts into was taken
/// from `tokenizers` 0.23.2.
class SplitPatternTest {

    static Stream<Arguments> splits() {
        return Stream.of(
            Arguments.of("\\b", "o\uD841\uDFD0日 a!", "o\uD841\uDFD0日| |a|!"),
            Arguments.of("\\B", "o\uD841\uDFD0日 a!", "o|\uD841\uDFD0|日 a!"),
            Arguments.of("(?<=\\p{L})\\d", "a1\uD841\uDFD02 3", "a|1|\uD841\uDFD0|2| 3"),
            Arguments.of("(?<!\\p{L})\\d", "a1\uD841\uDFD02 3", "a1\uD841\uDFD02 |3"),
            Arguments.of("\\p{N}{1,3}+", "12345", "12345"),
            Arguments.of("\\p{N}{1,3}", "12345", "123|45"),
            Arguments.of("a{2}?b", "aab b", "aab| |b"),
            Arguments.of("a{,2}", "aaa", "aa|a"),
            Arguments.of("(?m:a.b)", "a\nb", "a\nb"),
            Arguments.of("a.b", "a\nb", "a\nb"),
            Arguments.of("b$", "ab\nab", "a|b|\na|b"),
            Arguments.of("^a", "ab\nab", "a|b\n|a|b"),
            Arguments.of("\\s+(?!\\S)|\\s+", "a   b  ", "a|  | |b|  "),
            Arguments.of("(?i:'S|t)", "'s 'ſ T", "'s| |'ſ| |T"),
            Arguments.of("[^\\s\\w]+", "a½ ²_!?", "a|½| |²|_|!?"),
            Arguments.of("\\w+", "a½ ²_!?", "a½| |²_|!?"),
            Arguments.of("\\W+", "a½ ²_!?", "a½| |²_|!?"),
            Arguments.of("[\\W]+", "a½ ²_!?", "a|½ ²|_|!?"),
            Arguments.of("\\h+", "xyzAF09", "xyz|AF09"),
            Arguments.of("[]a]", "a]b", "a|]|b"),
            Arguments.of("x{a}", "x{a}", "x{a}"),
            Arguments.of("a++b|a", "aab", "aab"),
            Arguments.of("a*", "baac", "b|aa|c"),
            Arguments.of("[a-c&&[^b]]+", "abcab", "a|b|ca|b"),
            Arguments.of("\\x{4e2d}|\\u00e9", "中é", "中|é"),
            Arguments.of("(?>a|ab)c", "abc ac", "abc |ac"),
            Arguments.of(".", "\uD83D\uDE00a", "\uD83D\uDE00|a"),
            Arguments.of("[[:^alpha:]]", "a1", "a|1"),
            Arguments.of("\\p{^L}", "a1", "a|1"),
            Arguments.of("\\d", "٣3", "٣|3"));
    }

    @ParameterizedTest
    @MethodSource("splits")
    void splitsAsOnigurumaDoes(String regex, String text, String parts) {
        List<Word> words = new ArrayList<>();
        SplitBehavior.ISOLATED.split(
                new Word(text, true), SplitPattern.regex(regex, "test").spans(text), words);
        assertEquals(parts, String.join("|", words.stream().map(Word::text).toList()));
    }
}
