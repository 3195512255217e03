package dev.dllm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Tokenizers written out in the tests.
final class TinyTokenizers {

    private TinyTokenizers() {}

    /// A tokenizer of this `tokenizer.json` alone.
    static Tokenizer read(String json) {
        return read(Map.of("tokenizer.json", json));
    }

    static Tokenizer read(Map<String, String> files) {
        return Tokenizer.read(files(files));
    }

    static TokenizerFiles files(Map<String, String> files) {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        files.forEach((name, text) -> contents.put(name, text.getBytes(StandardCharsets.UTF_8)));
        return TokenizerFiles.of("memory", contents);
    }

    /// A `tokenizer.json` of the tokens a, b, c, ab and Ġ, with further top-level fields.
    static String json(String fields) {
        return """
                {"version": "1.0", %s "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "Ġ": 4},
                "merges": ["a b"]}}""".formatted(fields.isEmpty() ? "" : fields + ",");
    }

    /// One entry of `added_tokens`.
    static String added(int id, String content, String flags) {
        return """
                {"id": %d, "content": "%s"%s}""".formatted(id, content, flags.isEmpty() ? "" : ", " + flags);
    }
}
