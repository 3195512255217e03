package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Files that are broken, or meant to break something: one typed error that says where, what was found, what is
/// accepted.
class HostileFilesTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"version": "2.0", "model": {}}                            | model: found no vocab object or no merges array
            {"version": "2.0", "model": {"vocab": {}, "merges": []}}   | version: found '2.0'; accepted: 1.0
            {"model": {"vocab": {}, "merges": []}, "extra": 1}         | found field 'extra'; accepted: version
            {"version": "1.0"}                                         | model: found nothing; accepted: an object
            {"model": 7}                                               | model: found 7; accepted: an object
            {"model": {"type": "Unigram", "vocab": []}}                | model.type: found 'Unigram'; accepted: BPE
            {"model": {"vocab": {"a": -1}, "merges": []}}              | model.vocab.a: found -1; accepted: an integer
            {"model": {"vocab": {"a": 16777216}, "merges": []}}        | model.vocab.a: found 16777216
            {"model": {"vocab": {"a": 1.5}, "merges": []}}             | model.vocab.a: found 1.5
            {"model": {"vocab": {"a": "1"}, "merges": []}}             | model.vocab.a: found '1'
            {"model": {"vocab": {"a": 99999999999999}, "merges": []}}  | model.vocab.a: found 99999999999999
            {"model": {"vocab": {"a": 0, "b": 0}, "merges": []}} | id 0 for both 'a' and 'b'; accepted: one token per id
            {"model": {"vocab": {"a": 0, "a": 1}, "merges": []}}       | Duplicate
            {"model": {"vocab": {"a": 0}, "merges": ["a x"]}}          | model.merges[0]: found 'x', which is not in the
            {"model": {"vocab": {"a": 0}, "merges": ["a a"]}} | model.merges[0]: found 'aa', which is not in the
            {"model": {"vocab": {"a": 0}, "merges": ["aa"]}}           | model.merges[0]: found 'aa'; accepted: "a b"
            {"model": {"vocab": {"a": 0}, "merges": ["a b c"]}}        | model.merges[0]: found 'a b c'
            {"model": {"vocab": {"a": 0}, "merges": [["a"]]}}          | model.merges[0]: found an array
            {"model": {"vocab": {"a": 0}, "merges": [1]}}              | model.merges[0]: found 1
            {"model": {"vocab": {"a": 0, "aa": 1}, "merges": ["a a", ["a", "a"]]}} | model.merges[1]: found an array
            {"model": {"vocab": {"\\ud800": 0}, "merges": []}}         | half a surrogate pair
            {"model": {"vocab": {"a": 0}, "merges": []                 | broken JSON
            {"model": {"vocab": {"a": 0}, "merges": []}} x             | broken JSON
            {"model": {"vocab": {"a": 0}, "merges": []}} {}            | text after the end
            []                                                         | no JSON object
            """)
    void isRefused(String json, String message) {
        TokenizerException e = assertThrows(TokenizerException.class, () -> TinyTokenizers.read(json));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.getMessage().startsWith("memory/tokenizer.json"), e.getMessage());
        assertTrue(e.getMessage().contains("; accepted: "), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "normalizer": {"type": "Precompiled"} | normalizer.type: found 'Precompiled'; accepted: Sequence, NFC
            "normalizer": {"type": "NFC", "x": 1}                   | normalizer: found field 'x'; accepted: type
            "normalizer": 5                                         | normalizer: found 5; accepted: an object
            "normalizer":{"type":"Sequence","normalizers":[{"type":"No"}]} | normalizer.normalizers[0].type: found 'No'
            "normalizer":{"type":"Strip","strip_left":1,"strip_right":true} | normalizer.strip_left: found 1
            "normalizer":{"type":"Replace","pattern":{"Regex":"b*"},"content":""} | does not match the empty string
            "normalizer": {"type": "Replace", "pattern": {"Regex": "(b)"}, "content": "$1"} | references to groups
            "normalizer":{"type":"Replace","pattern":{"String":""},"content":"x"} | normalizer.pattern.String: found ''
            "normalizer":{"type":"Replace","pattern":{},"content":"x"} | normalizer.pattern: found an object
            "pre_tokenizer": {"type": "BertPreTokenizer"}           | pre_tokenizer.type: found 'BertPreTokenizer'
            "pre_tokenizer": {"type": "ByteLevel"}                  | pre_tokenizer.add_prefix_space: found nothing
            "pre_tokenizer":{"type":"Split","pattern":{"String":"a"},"behavior":"Kept"} | accepted: Removed,
            "pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a"},"behavior":"Removed"} | Unclosed group
            "pre_tokenizer":{"type":"Metaspace","replacement":"ab"} | replacement: found 'ab'; accepted: one character
            "pre_tokenizer":{"type":"Metaspace","replacement":"a","prepend_scheme":"often"} | accepted: always, first
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "Metaspace", "replacement": "a"}, \
            {"type": "Metaspace", "replacement": "a", "prepend_scheme": "first"}]} | accepted: always or never after
            "post_processor": {"type": "RobertaProcessing"}         | post_processor.type: found 'RobertaProcessing'
            "decoder": {"type": "WordPiece"} | decoder.type: found 'WordPiece'; accepted: Sequence, ByteLevel
            "decoder": {"type": "Strip", "content": "a", "start": -1, "stop": 0} | decoder.start: found -1
            "added_tokens": {}                                      | added_tokens: found an object; accepted: an array
            "added_tokens": [{"id": 7, "content": "<m>"}]           | added_tokens[0]: found id 7 for '<m>'; accepted: 5
            "added_tokens": [{"id": 1, "content": "a"}]             | added_tokens[0]: found id 1 for 'a'; accepted: 0
            "added_tokens": [{"id": 5}]                             | added_tokens[0].content: found nothing
            "added_tokens": [{"id": 5, "content": "<m>", "special": "yes"}] | added_tokens[0].special: found 'yes'
            "added_tokens": [{"id": 5, "content": "<m>", "magic": 1}] | added_tokens[0]: found field 'magic'
            """)
    void aStageIsRefused(String field, String message) {
        isRefused(TinyTokenizers.json(field), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"SpecialToken": {"id": "x"}}                       | id: found 'x'; accepted: one of special_tokens: <m>
            {"Sequence": {"id": "B"}}                                | id: found 'B'; accepted: A, the only sequence
            {"Sequence": {"id": "A"}}, {"Sequence": {"id": "A"}}     | id: found 'A'; accepted: the text once
            {"Other": {}}                                            | single[0]: found field 'Other'
            """)
    void aTemplateIsRefused(String pieces, String message) {
        isRefused(TinyTokenizers.json("\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": [" + pieces
                + "], \"pair\": [], \"special_tokens\": {\"<m>\": {\"id\": \"<m>\", \"ids\": [0]}}}"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            \\\\X          | with \\X
            \\\\K          | with \\K
            a\\\\Qb        | with \\Q
            (?x:a)         | group '(?x:'
            a(?i)b         | group '(?i)'
            (?P<n>a)       | group '(?P'
            (a)\\\\1       | with \\1
            \\\\p{Klingon} | property 'Klingon'
            \\\\pL         | \\p without braces
            [[:punct:]]    | [:punct:]
            [a             | not closed
            *a             | after nothing
            a**            | Dangling
            (?i:ß)         | in a group (?i:
            (?i:class)     | in a group (?i:
            \\\\u{41}      | without a code point
            \\\\           | backslash at the end
            ((a{999}){999}){999} | intervals of more than
            """)
    void aPatternWithoutExactCounterpartIsRefused(String regex, String message) {
        isRefused(TinyTokenizers.json(split(regex)), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"bos_token": 5}                                 | bos_token: found 5; accepted: an object
            {"added_tokens_decoder": {"x": {"content": "a"}}} | added_tokens_decoder: found key 'x'
            {"added_tokens_decoder": {"9": {"content": "q"}}} | found id 9 for 'q'; accepted: 5
            {"chat_template": 5}                             | chat_template: found 5; accepted: an array
            {"chat_template": [{"name": "a"}]}               | chat_template[0].template: found nothing
            {"chat_template": "a", "chat_template": "b"}     | Duplicate
            """)
    void aConfigurationIsRefused(String config, String message) {
        TokenizerException e = assertThrows(TokenizerException.class, () -> TinyTokenizers.read(
                Map.of("tokenizer.json", TinyTokenizers.json(""), "tokenizer_config.json", config)));
        assertTrue(e.getMessage().contains(message), e.getMessage());
        assertTrue(e.getMessage().startsWith("memory/tokenizer_config.json"), e.getMessage());
    }

    @Test
    void deepNestingIsRefused() {
        isRefused("{\"model\": " + "[".repeat(100_000), "nesting");
        String sequences = "{\"type\": \"Sequence\", \"normalizers\": [".repeat(100) + "]}".repeat(100);
        isRefused(TinyTokenizers.json("\"normalizer\": " + sequences), "nesting");
        isRefused(TinyTokenizers.json(split("(".repeat(50_000) + "a" + ")".repeat(50_000))), "pattern.Regex");
        isRefused(TinyTokenizers.json(split("[".repeat(1_000) + "a" + "]".repeat(1_000))), "nested more than");
    }

    @Test
    void replacementsThatDoubleATextAgainAndAgainAreRefused() {
        String step = "{\"type\": \"Replace\", \"pattern\": {\"String\": \"a\"}, \"content\": \"aa\"}";
        String steps = String.join(",", Collections.nCopies(40, step));
        isRefused(TinyTokenizers.json("\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [" + steps + "]}"),
                "more than 64 times longer");
        isRefused(TinyTokenizers.json("\"decoder\": {\"type\": \"Sequence\", \"decoders\": [" + steps + "]}"),
                "more than 64 times longer");
    }

    @Test
    void patternsThatTakeForEverOrAllTheStackFailOnTheTextOnly() {
        Tokenizer recursive = TinyTokenizers.read(TinyTokenizers.json(split("(a|b)*c")));
        assertEquals(1, recursive.encode("ab", false).length);
        TokenizerException deep = assertThrows(
                TokenizerException.class, () -> recursive.encode("ab".repeat(500_000), false));
        assertTrue(deep.getMessage().contains("recurses too deeply"), deep.getMessage());
        Tokenizer quadratic = TinyTokenizers.read(TinyTokenizers.json(split("a*b")));
        TokenizerException slow = assertThrows(
                TokenizerException.class, () -> quadratic.encode("a".repeat(200_000), false));
        assertTrue(slow.getMessage().contains("too many steps"), slow.getMessage());
        assertEquals(List.of(0, 3, 2), ids(quadratic.encode("aabc", false)));
    }

    @Test
    void whatIsBrokenAtRandomIsReadOrRefused() {
        Random random = new Random(4);
        String json = TinyTokenizers.json("""
                "added_tokens": [{"id": 5, "content": "<m>", "special": true}], "normalizer": {"type": "NFC"},
                "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "\\\\s+|[^a-c]"}, "behavior": "Isolated",
                "invert": false}, "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id":
                "<m>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}], "pair": [], "special_tokens": {"<m>":
                {"id": "<m>", "ids": [5], "tokens": ["<m>"]}}}, "decoder": {"type": "Fuse"}""");
        assertEquals(List.of(5, 3, 2), ids(TinyTokenizers.read(json).encode("abc", true)));
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        byte[] likely = "{}[]\",:0a\\".getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] broken = bytes.clone();
            for (int edits = random.nextInt(3); edits >= 0; edits--) {
                broken[random.nextInt(broken.length)] =
                        random.nextBoolean() ? likely[random.nextInt(likely.length)] : (byte) random.nextInt(256);
            }
            try {
                Tokenizer.read(TokenizerFiles.of("memory", Map.of("tokenizer.json", broken))).encode("ab c", true);
            } catch (TokenizerException e) {
                refused++;
                assertTrue(e.getMessage().contains("accepted"), e.getMessage());
            }
        }
        assertTrue(refused > 2500, "refused: " + refused);
    }

    private static String split(String regex) {
        return "\"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"" + regex
                + "\"}, \"behavior\": \"Isolated\", \"invert\": false}";
    }

    private static List<Integer> ids(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
