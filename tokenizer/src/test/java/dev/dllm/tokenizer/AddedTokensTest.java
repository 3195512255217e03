package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The options of added tokens one by one; `_` is a space.
class AddedTokensTest {

    @Test
    void aTokenThatAnotherHasTakenAlongIsLost() {
        Tokenizer tokenizer = TinyTokenizers.read(TinyTokenizers.json("\"added_tokens\": ["
                + TinyTokenizers.added(5, " ", "\"lstrip\": true, \"rstrip\": true") + "]"));
        assertArrayEquals(new int[] {0, 5, 1, 5, 2}, tokenizer.encode("a   b c", false));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ``                      | a<m>b     | 0 5 1
            ``                      | _<m>_a    | 5 0
            "lstrip": true          | a__<m>_b  | 0 5 1
            "lstrip": true          | <m><m>    | 5 5
            "rstrip": true          | <m>__a    | 5 0
            "rstrip": true          | a_<m>__<m>| 0 5 5
            "single_word": true     | a<m>      | 0
            "single_word": true     | <m>b      | 1
            "single_word": true     | a_<m>_b   | 0 5 1
            "single_word": true     | <m>       | 5
            "single_word": true     | -<m>-     | 5
            "normalized": true      | A<M>a     | 0 5 0
            "normalized": false     | a<M>a     | 0 0
            """)
    void areFoundAsTheirOptionsSay(String flags, String text, String ids) {
        Tokenizer tokenizer = TinyTokenizers.read(TinyTokenizers.json(
                "\"normalizer\": {\"type\": \"Lowercase\"}, \"added_tokens\": ["
                        + TinyTokenizers.added(5, "<m>", flags) + "]"));
        int[] expected = Arrays.stream(ids.split(" ")).mapToInt(Integer::parseInt).toArray();
        assertArrayEquals(expected, tokenizer.encode(text.replace('_', ' '), false));
    }
}
