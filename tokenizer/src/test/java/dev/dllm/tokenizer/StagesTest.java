package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Every kind of stage, and many random combinations of them, against what Hugging Face's library made of them
/// (`stages.py`).
class StagesTest {

    @Test
    void everyCaseIsAsTheLibraryHasIt() {
        JsonNode stages = GoldenFiles.resource("stages.json");
        int checks = 0;
        for (JsonNode entry : stages.get("cases")) {
            ObjectNode json = (ObjectNode) entry.get("tokenizer").deepCopy();
            JsonNode options = json.get("model").get("options");
            String base = json.get("model").get("base").stringValue();
            ObjectNode model = (ObjectNode) stages.get("models").get(base).deepCopy();
            model.setAll((ObjectNode) options);
            json.put("version", "1.0").set("model", model);
            Tokenizer tokenizer = TinyTokenizers.read(json.toString());
            String where = entry.get("tokenizer").toString();
            for (JsonNode encode : entry.get("encode")) {
                String text = encode.get("text").stringValue();
                assertArrayEquals(GoldenFiles.ids(encode.get("ids")), tokenizer.encode(text, true), () -> text + where);
                checks++;
            }
            for (JsonNode decode : entry.get("decode")) {
                int[] ids = GoldenFiles.ids(decode.get("ids"));
                assertEquals(decode.get("text").stringValue(), tokenizer.decode(ids, false), where);
                assertEquals(decode.get("without_special").stringValue(), tokenizer.decode(ids, true), where);
                assertEquals(tokenizer.decode(ids, true), streamed(tokenizer, ids), where);
                checks++;
            }
        }
        assertTrue(checks > 1000, "checks: " + checks);
    }

    private static String streamed(Tokenizer tokenizer, int[] ids) {
        StreamDecoder decoder = tokenizer.streamDecoder(true);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(decoder.add(id));
        }
        return text.append(decoder.finish()).toString();
    }
}
