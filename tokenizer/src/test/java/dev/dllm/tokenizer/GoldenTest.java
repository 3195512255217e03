package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Every entry of the golden set, which Hugging Face's library wrote.
class GoldenTest {

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "ling-style-synthetic", "qwen3-sdar"})
    void encodesAndDecodesAsTheLibraryDoes(String name) {
        Tokenizer tokenizer = GoldenFiles.tokenizer(name);
        JsonNode golden = GoldenFiles.json(name, "golden.json");
        assertEquals(golden.get("vocab_size_with_added").intValue(), tokenizer.size());
        assertTrue(golden.get("encode").size() >= 299);
        for (JsonNode entry : golden.get("encode")) {
            String text = entry.get("text").stringValue();
            int[] ids = GoldenFiles.ids(entry.get("ids"));
            int[] plain = entry.has("ids_no_special") ? GoldenFiles.ids(entry.get("ids_no_special")) : ids;
            assertArrayEquals(ids, tokenizer.encode(text, true), text);
            assertArrayEquals(plain, tokenizer.encode(text, false), text);
            assertEquals(entry.get("decoded").stringValue(), tokenizer.decode(ids, true), text);
            assertEquals(entry.get("decoded_keep_special").stringValue(), tokenizer.decode(ids, false), text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt2", "ling-style-synthetic", "qwen3-sdar"})
    void decodesArbitraryIdsAsTheLibraryDoes(String name) {
        Tokenizer tokenizer = GoldenFiles.tokenizer(name);
        JsonNode golden = GoldenFiles.json(name, "golden.json");
        assertTrue(golden.get("decode").size() >= 80);
        for (JsonNode entry : golden.get("decode")) {
            int[] ids = GoldenFiles.ids(entry.get("ids"));
            assertEquals(entry.get("decoded").stringValue(), tokenizer.decode(ids, false), entry.get("ids").toString());
        }
    }
}
