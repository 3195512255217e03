package dev.dllm.golden;

import dev.dllm.tokenizer.Tokenizer;
import dev.dllm.tokenizer.chat.ChatTemplate;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares rendered conversations and the ids they become.
final class ChatCheck {
    private static final JsonMapper JSON = new JsonMapper();

    private final String file;
    private final JsonNode golden;

    ChatCheck(String file, JsonNode golden) {
        this.file = file;
        this.golden = golden;
    }

    /// @return the first case that differs, or null if all are equal
    @Nullable String differs(Path directory) {
        Tokenizer tokenizer = Tokenizer.load(directory);
        int number = 0;
        for (JsonNode entry : GoldenSet.list(golden, "cases", file)) {
            String difference = differs(tokenizer, entry);
            if (difference != null) {
                return "cases[" + number + "]: " + difference;
            }
            number++;
        }
        return null;
    }

    private @Nullable String differs(Tokenizer tokenizer, JsonNode entry) {
        String name = GoldenSet.text(entry, "template", file);
        ChatTemplate template = ChatTemplate.parse(GoldenSet.text(golden.path("templates"), name, file))
                .withVariables(object(golden.path("special")));
        Map<String, Object> variables = new LinkedHashMap<>(object(entry.path("kwargs")));
        if (entry.has("tools")) {
            variables.put("tools", list(entry.path("tools")));
        }
        String rendered = template.render(
                list(GoldenSet.list(entry, "messages", file)), entry.path("add_generation_prompt").asBoolean(), variables);
        String difference = Difference.of("rendered", GoldenSet.text(entry, "rendered", file), rendered);
        return difference != null
                ? difference
                : Difference.of("ids", GoldenSet.ids(entry.path("ids"), file), tokenizer.encode(rendered, false));
    }

    private static Map<String, Object> object(JsonNode node) {
        return node.isObject() ? JSON.convertValue(node, new TypeReference<>() {}) : Map.of();
    }

    private static List<Map<String, Object>> list(JsonNode node) {
        return JSON.convertValue(node, new TypeReference<>() {});
    }
}
