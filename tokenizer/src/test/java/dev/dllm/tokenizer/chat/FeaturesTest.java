package dev.dllm.tokenizer.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The language feature by feature, against what jinja2 makes of the same templates (`features.py`).
class FeaturesTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-05T07:08:09Z"), ZoneOffset.UTC);

    @TestFactory
    Stream<DynamicTest> isAsInJinja2() throws IOException {
        JsonMapper mapper = JsonMapper.builder().build();
        JsonNode features;
        try (InputStream in = FeaturesTest.class.getResourceAsStream("features.json")) {
            features = mapper.readTree(Objects.requireNonNull(in));
        }
        assertEquals(844, features.get("cases").size());
        Map<String, ?> variables = variables(mapper, features);
        return features.get("cases").valueStream().map(entry -> {
            String source = entry.get("template").stringValue();
            return DynamicTest.dynamicTest(entry.get("template").toString(), () -> {
                if (entry.has("fails")) {
                    assertThrows(ChatTemplateException.class, () -> render(source, variables));
                } else {
                    assertEquals(entry.get("rendered").stringValue(), render(source, variables));
                }
            });
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, ?> variables(JsonMapper mapper, JsonNode features) {
        return (Map<String, ?>) mapper.treeToValue(features.get("variables"), Map.class);
    }

    @SuppressWarnings("unchecked")
    private static String render(String source, Map<String, ?> variables) {
        Map<String, Object> more = new LinkedHashMap<>(variables);
        List<Map<String, ?>> messages = (List<Map<String, ?>>) more.remove("messages");
        boolean prompt = (boolean) more.remove("add_generation_prompt");
        return ChatTemplate.parse(source).withClock(CLOCK).render(messages, prompt, more);
    }
}
