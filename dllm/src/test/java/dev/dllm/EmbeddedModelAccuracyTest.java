package dev.dllm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.eval.EvalReport;
import dev.dllm.eval.EvalSetting;
import dev.dllm.eval.Evaluation;
import dev.dllm.eval.Question;
import dev.dllm.eval.Questions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The embedded model answers as well as its model card says (block 32, threshold 0.9, which are its own settings).
class EmbeddedModelAccuracyTest {
    private static final int BATCH = 16;

    @Test
    void accuracyIsThatOfTheModelCard() throws IOException, URISyntaxException {
        JsonNode card = card();
        JsonNode families = card.get("families");
        EvalReport report = report();
        assertTrue(report.isComplete());
        assertEquals(families.size(), report.families().size());
        for (Map.Entry<String, JsonNode> family : families.properties()) {
            EvalReport.Tally tally = report.families().get(family.getKey());
            assertEquals(family.getValue().get(1).asInt(), tally.asked(), family.getKey());
            assertEquals(family.getValue().get(0).asInt(), tally.right(), 1, family.getKey());
        }
        assertEquals(card.get("average").asDouble(), report.accuracy(), 0.01);
        assertEquals(card.get("forwards_per_prompt").asDouble(), report.forwardsPerPrompt(), 0.02);
    }

    private static EvalReport report() throws URISyntaxException {
        List<Question> questions =
                Questions.read(Path.of(EmbeddedModelAccuracyTest.class.getResource("embedded/eval-public.jsonl").toURI()));
        try (LanguageModel model = LanguageModel.embedded();
                Evaluation evaluation = new Evaluation(model, questions, Prompt::chat, BATCH)) {
            return evaluation.run(new EvalSetting("card", model.settings(), true), _ -> {});
        }
    }

    private static JsonNode card() throws IOException {
        try (InputStream in = EmbeddedModelAccuracyTest.class.getResourceAsStream("embedded/accuracy.json")) {
            return new JsonMapper().readTree(in).get("public").get("block 32, threshold 0.9");
        }
    }
}
