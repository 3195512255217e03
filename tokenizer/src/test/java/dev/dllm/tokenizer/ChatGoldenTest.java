package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.tokenizer.chat.ChatTemplate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Every chat of the golden set, rendered by jinja2 and tokenized by Hugging Face's library, and the embedded model's
/// template.
class ChatGoldenTest {

    @ParameterizedTest
    @CsvSource({"ling-style-synthetic, 8", "qwen3-sdar, 20"})
    void rendersAndEncodesAsTheReferenceDoes(String name, int cases) {
        Tokenizer tokenizer = GoldenFiles.tokenizer(name);
        JsonNode chat = GoldenFiles.json(name, "chat.json");
        assertEquals(cases, chat.get("cases").size());
        JsonNode templates = chat.get("templates");
        assertEquals(templates.get("default").stringValue(), tokenizer.chatTemplate().orElseThrow().source());
        for (JsonNode entry : chat.get("cases")) {
            String which = entry.get("template").stringValue();
            ChatTemplate template = ChatTemplate.parse(templates.get(which).stringValue())
                    .withVariables(GoldenFiles.map(chat.get("special")));
            Map<String, Object> more = new LinkedHashMap<>(GoldenFiles.map(entry.get("kwargs")));
            if (entry.has("tools")) {
                more.put("tools", GoldenFiles.value(entry.get("tools")));
            }
            String text = template.render(
                    GoldenFiles.maps(entry.get("messages")), entry.get("add_generation_prompt").booleanValue(), more);
            assertEquals(entry.get("rendered").stringValue(), text);
            assertArrayEquals(GoldenFiles.ids(entry.get("ids")), tokenizer.encode(text, false));
        }
    }

    @Test
    void theEmbeddedModelsTemplateMarksRoles() {
        Tokenizer tokenizer = Tokenizer.load(GoldenFiles.EMBEDDED);
        ChatTemplate template = tokenizer.chatTemplate().orElseThrow();
        List<Map<String, String>> messages = List.of(
                Map.of("role", "system", "content", "Be brief."),
                Map.of("role", "user", "content", "What is 2 + 3?"),
                Map.of("role", "assistant", "content", "5"),
                Map.of("role", "user", "content", "And 3 + 3?"));
        String text = template.render(messages, true);
        assertEquals("<role>SYSTEM</role>Be brief.<|role_end|><role>HUMAN</role>What is 2 + 3?<|role_end|>"
                + "<role>ASSISTANT</role>5<|role_end|><role>HUMAN</role>And 3 + 3?<|role_end|><role>ASSISTANT</role>",
                text);
        int[] ids = tokenizer.encode(text, false);
        assertEquals(text, tokenizer.decode(ids, false));
        assertTrue(tokenizer.isSpecial(ids[0]));
        assertEquals("SYSTEMBe brief.HUMANWhat is 2 + 3?ASSISTANT5HUMANAnd 3 + 3?ASSISTANT",
                tokenizer.decode(ids, true));
    }
}
