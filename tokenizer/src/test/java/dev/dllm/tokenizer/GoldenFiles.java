package dev.dllm.tokenizer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The golden set of the neighbouring module, which Hugging Face's own library produced, and the embedded model.
final class GoldenFiles {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Path TOKENIZERS = Path.of("..", "dllm", "goldens", "tokenizers");

    static final Path EMBEDDED = Path.of("..", "dllm", "src", "main", "resources", "dev", "dllm", "embedded");

    private GoldenFiles() {}

    static Tokenizer tokenizer(String name) {
        return Tokenizer.load(TOKENIZERS.resolve(name));
    }

    static JsonNode json(String name, String file) {
        return JSON.readTree(TOKENIZERS.resolve(name).resolve(file).toFile());
    }

    static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).intValue();
        }
        return ids;
    }

    /// JSON as plain Java values.
    static Object value(JsonNode json) {
        return JSON.treeToValue(json, Object.class);
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(JsonNode object) {
        return (Map<String, Object>) value(object);
    }

    static List<Map<String, Object>> maps(JsonNode array) {
        List<Map<String, Object>> maps = new ArrayList<>();
        array.forEach(object -> maps.add(map(object)));
        return maps;
    }

    /// A JSON resource beside the tests.
    static JsonNode resource(String name) {
        try (InputStream in = GoldenFiles.class.getResourceAsStream(name)) {
            return JSON.readTree(Objects.requireNonNull(in, name));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
