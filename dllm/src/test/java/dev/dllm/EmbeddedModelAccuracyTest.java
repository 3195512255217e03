package dev.dllm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Threshold;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The embedded model answers as well as its model card says (block 32, threshold 0.9).
class EmbeddedModelAccuracyTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int BATCH = 16;

    private record Question(String family, String prompt, String answer, AnswerCheck check) {}

    @Test
    void accuracyIsThatOfTheModelCard() throws IOException {
        JsonNode card = JSON.readTree(resource("accuracy.json")).get("public").get("block 32, threshold 0.9").get("families");
        Map<String, Integer> right = new TreeMap<>();
        List<Question> questions = questions();
        try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
            for (int start = 0; start < questions.size(); start += BATCH) {
                List<Question> batch = questions.subList(start, Math.min(start + BATCH, questions.size()));
                List<GenerationResult> results = session.generate(
                        batch.stream().map(question -> request(model, question)).toList(), GenerationListener.NONE);
                for (int i = 0; i < batch.size(); i++) {
                    Question question = batch.get(i);
                    boolean accepted =
                            question.check.accepts(question.prompt, question.answer, results.get(i).text());
                    right.merge(question.family, accepted ? 1 : 0, Integer::sum);
                }
            }
        }
        double expected = 0;
        double found = 0;
        for (Map.Entry<String, JsonNode> family : card.properties()) {
            int asked = family.getValue().get(1).asInt();
            expected += 100.0 * family.getValue().get(0).asInt() / asked / card.size();
            found += 100.0 * right.get(family.getKey()) / asked / card.size();
            assertEquals(family.getValue().get(0).asInt(), right.get(family.getKey()), 1, family.getKey());
        }
        assertEquals(expected, found, 1, "average in percent over the families");
    }

    private static GenerationRequest request(LanguageModel model, Question question) {
        int answerTokens = model.tokenize(Prompt.text(question.answer)).length;
        DecodeSettings settings = model.settings()
                .withGenLength(Math.ceilDiv(answerTokens, 32) * 32)
                .withBlockLength(32)
                .withUnmasking(new Threshold(0.9f));
        return new GenerationRequest(Prompt.chat(question.prompt), settings);
    }

    private static List<Question> questions() throws IOException {
        List<Question> questions = new ArrayList<>();
        for (String line : new String(resource("eval-public.jsonl"), StandardCharsets.UTF_8).lines().toList()) {
            JsonNode json = JSON.readTree(line);
            questions.add(new Question(
                    json.get("family").asString(),
                    json.get("prompt").asString(),
                    json.get("answer").asString(),
                    AnswerCheck.valueOf(json.get("check").asString().toUpperCase(Locale.ROOT))));
        }
        assertEquals(624, questions.size());
        return questions;
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = EmbeddedModelAccuracyTest.class.getResourceAsStream("embedded/" + name)) {
            return in.readAllBytes();
        }
    }
}
