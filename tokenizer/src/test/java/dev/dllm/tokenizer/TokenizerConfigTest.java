package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What the files beside `tokenizer.json` add.
class TokenizerConfigTest {

    @Test
    void rolesComeFromTheConfigurationThenFromTheMap() {
        Tokenizer tokenizer = TinyTokenizers.read(Map.of(
                "tokenizer.json", TinyTokenizers.json(""),
                "tokenizer_config.json",
                "{\"bos_token\": \"a\", \"mask_token\": {\"content\": \"<m>\"}, \"pad_token\": null}",
                "special_tokens_map.json", "{\"bos_token\": \"b\", \"eos_token\": {\"content\": \"c\"}}"));
        assertEquals("a", tokenizer.token(SpecialToken.BOS).orElseThrow());
        assertEquals(0, tokenizer.id(SpecialToken.BOS).orElseThrow());
        assertEquals(2, tokenizer.id(SpecialToken.EOS).orElseThrow());
        assertEquals(5, tokenizer.id(SpecialToken.MASK).orElseThrow());
        assertFalse(tokenizer.id(SpecialToken.PAD).isPresent());
        assertFalse(tokenizer.token(SpecialToken.SEP).isPresent());
        assertEquals(6, tokenizer.size());
        assertArrayEquals(new int[] {1, 5, 1}, tokenizer.encode("b<m>b", false));
        assertEquals("b b", tokenizer.decode(new int[] {1, 5, 1}, true));
        assertTrue(tokenizer.isSpecial(5));
        assertFalse(tokenizer.isSpecial(1));
    }

    @Test
    void tokensOfTheConfigurationAreAddedAndChangeOptions() {
        String config = """
                {"added_tokens_decoder": {"5": {"content": "<x>", "lstrip": true, "special": true},
                "6": {"content": "<y>", "special": false}}, "additional_special_tokens": ["<y>", "<z>"]}""";
        Tokenizer tokenizer = TinyTokenizers.read(Map.of("tokenizer.json",
                TinyTokenizers.json("\"added_tokens\": [" + TinyTokenizers.added(5, "<x>", "\"special\": true") + "]"),
                "tokenizer_config.json", config));
        // The space before <x> belongs to it now; <y> is special because it is listed as such; <z> is new.
        assertArrayEquals(new int[] {0, 5, 6, 7}, tokenizer.encode("a <x><y><z>", false));
        assertTrue(tokenizer.isSpecial(6));
        assertTrue(tokenizer.isSpecial(7));
        assertEquals(8, tokenizer.size());
    }

    @Test
    void extraSpecialTokensMayHaveNames() {
        Tokenizer tokenizer = TinyTokenizers.read(Map.of("tokenizer.json", TinyTokenizers.json(""),
                "tokenizer_config.json", "{\"extra_special_tokens\": {\"image_token\": \"<i>\"}}"));
        assertArrayEquals(new int[] {0, 5, 1}, tokenizer.encode("a<i>b", false));
        assertTrue(tokenizer.isSpecial(5));
    }

    @Test
    void templatesComeFromThreePlaces() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("tokenizer.json", TinyTokenizers.json(""));
        assertFalse(TinyTokenizers.read(files).chatTemplate().isPresent());
        files.put("tokenizer_config.json", "{\"chat_template\": \"one {{ bos_token }}\", \"bos_token\": \"a\"}");
        assertEquals("one a", render(TinyTokenizers.read(files), "default"));
        files.put("tokenizer_config.json", """
                {"chat_template": [{"name": "default", "template": "two"},
                {"name": "tool_use", "template": "tools"}]}""");
        assertEquals("two", render(TinyTokenizers.read(files), "default"));
        assertEquals("tools", render(TinyTokenizers.read(files), "tool_use"));
        assertEquals(Set.of("default", "tool_use"), TinyTokenizers.read(files).chatTemplateNames());
        files.put("chat_template.jinja", "three");
        assertEquals("three", render(TinyTokenizers.read(files), "default"));
        assertFalse(TinyTokenizers.read(files).chatTemplate("other").isPresent());
    }

    private static String render(Tokenizer tokenizer, String name) {
        return tokenizer.chatTemplate(name).orElseThrow().render(List.of(), false);
    }

    @Test
    void aVocabularyAndMergesMakeATokenizerOfAKnownClass() {
        // The golden tokenizer.json was assembled from such files.
        JsonNode json = GoldenFiles.json("qwen3-sdar", "tokenizer.json");
        StringBuilder merges = new StringBuilder("#version: 0.2\n");
        json.get("model").get("merges").forEach(merge -> merges.append(merge.stringValue()).append('\n'));
        Tokenizer tokenizer = TinyTokenizers.read(Map.of(
                "vocab.json", json.get("model").get("vocab").toString(), "merges.txt", merges.toString(),
                "tokenizer_config.json", GoldenFiles.json("qwen3-sdar", "tokenizer_config.json").toString()));
        for (JsonNode entry : GoldenFiles.json("qwen3-sdar", "golden.json").get("encode")) {
            int[] ids = GoldenFiles.ids(entry.get("ids"));
            assertArrayEquals(ids, tokenizer.encode(entry.get("text").stringValue(), true));
            assertEquals(entry.get("decoded_keep_special").stringValue(), tokenizer.decode(ids, false));
        }
        assertEquals(151669, tokenizer.id(SpecialToken.MASK).orElseThrow());
        assertEquals(151643, tokenizer.id(SpecialToken.EOS).orElseThrow());
    }

    @Test
    void addedTokensOfTheirOwnFileCountWhereTheConfigurationHasNone() {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("vocab.json", "{\"a\": 0, \"b\": 1, \"ab\": 2, \"Ġ\": 3}");
        files.put("merges.txt", "#version: 0.2\r\na b\r\n");
        files.put("added_tokens.json", "{\"<m>\": 4}");
        files.put("tokenizer_config.json", "{\"tokenizer_class\": \"GPT2Tokenizer\"}");
        Tokenizer tokenizer = TinyTokenizers.read(files);
        assertArrayEquals(new int[] {2, 3, 0, 4, 2}, tokenizer.encode("ab a<m>ab", false));
        assertEquals("ab a<m>ab", tokenizer.decode(new int[] {2, 3, 0, 4, 2}, true));
        files.put("tokenizer_config.json", "{\"tokenizer_class\": \"BertTokenizer\"}");
        TokenizerException e = assertThrows(TokenizerException.class, () -> TinyTokenizers.read(files));
        assertTrue(e.getMessage().contains("tokenizer_class: found 'BertTokenizer'"), e.getMessage());
    }

    @Test
    void withoutATokenizerThereIsNone(@TempDir Path directory) {
        assertEquals(Optional.empty(), Tokenizer.find(TokenizerFiles.of(directory)));
        TokenizerException e = assertThrows(TokenizerException.class, () -> Tokenizer.load(directory));
        assertTrue(e.getMessage().contains("found no tokenizer; accepted: tokenizer.json"), e.getMessage());
        assertEquals(directory.toString(), TokenizerFiles.of(directory).source());
    }

    @Test
    void theEmbeddedModelsSpecialTokensAreFound() {
        Tokenizer tokenizer = Tokenizer.load(GoldenFiles.EMBEDDED);
        assertEquals(1404, tokenizer.id(SpecialToken.MASK).orElseThrow());
        assertEquals(1401, tokenizer.id(SpecialToken.EOS).orElseThrow());
        assertEquals(1401, tokenizer.id(SpecialToken.PAD).orElseThrow());
        assertEquals(1400, tokenizer.id(SpecialToken.BOS).orElseThrow());
        assertEquals(1407, tokenizer.id("<|role_end|>").orElseThrow());
        assertEquals(1475, tokenizer.size());
    }
}
