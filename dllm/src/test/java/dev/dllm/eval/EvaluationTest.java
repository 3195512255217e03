package dev.dllm.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.eval.EvalReport.Tally;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class EvaluationTest {
    private static final LanguageModel MODEL = LanguageModel.embedded();
    private static final EvalSetting OWN = new EvalSetting("own", MODEL.settings(), true);
    private static final List<Question> QUESTIONS = List.of(
            new Question("sub", "9-8", "9 - 8 = 1", AnswerCheck.EXACT),
            new Question("sub", "9-7", "nobody says this", AnswerCheck.EXACT),
            new Question("mul", "What is 2 * 10?", "2 * 10 = 20", AnswerCheck.EXACT));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void countsAreThoseOfTheGenerations() {
        long calls = 0;
        long positions = 0;
        long tokens = 0;
        try (Session session = MODEL.newSession()) {
            for (Question question : QUESTIONS) {
                GenerationResult result =
                        session.generate(Prompt.chat(question.prompt()), MODEL.settings().withGenLength(32));
                calls += result.calls();
                positions += result.positionsComputed();
                tokens += result.ids().length;
            }
        }
        for (int batchSize : new int[] {1, 2, 16}) {
            EvalReport report = report(OWN, QUESTIONS, batchSize);
            assertEquals(Map.of("sub", new Tally(1, 2), "mul", new Tally(1, 1)), report.families());
            assertEquals(0.75, report.accuracy(), "mean over the families, not over the questions");
            assertEquals(calls, report.calls());
            assertEquals(positions, report.positions());
            assertEquals(tokens, report.tokens());
            assertEquals(calls / 3.0, report.forwardsPerPrompt());
            assertEquals((double) tokens / calls, report.tokensPerForward());
            assertEquals(positions / 3.0, report.positionsPerPrompt());
            assertTrue(report.seconds() > 0 && report.isComplete());
        }
    }

    @Test
    void theLengthIsThatOfTheAnswerRoundedUpOrTheSettingsOwn() {
        DecodeSettings settings = MODEL.settings().withGenLength(7);
        EvalSetting fitting = new EvalSetting("", settings, true);
        assertEquals(32, fitting.settings(0).genLength());
        assertEquals(32, fitting.settings(32).genLength());
        assertEquals(64, fitting.settings(33).genLength());
        assertEquals(7, new EvalSetting("", settings, false).settings(33).genLength());
    }

    @Test
    void aSettingThatDoesNotFitIsRefusedAndTheNextOneRuns() {
        try (Evaluation evaluation = new Evaluation(MODEL, QUESTIONS, Prompt::chat, 16)) {
            EvalSetting tooLong = new EvalSetting("long", MODEL.settings().withGenLength(1000), false);
            assertThrows(InvalidRequestException.class, () -> evaluation.run(tooLong, _ -> {}));
            assertEquals(3, evaluation.run(OWN, _ -> {}).prompts());
        }
    }

    @Test
    void aQuestionThatIsTooLongIsNamed() {
        Question tooLong = new Question("words", "a b c ".repeat(400), "x", AnswerCheck.EXACT);
        List<Question> questions = List.of(QUESTIONS.getFirst(), tooLong);
        try (Evaluation evaluation = new Evaluation(MODEL, questions, Prompt::chat, 2)) {
            String message = assertThrows(InvalidRequestException.class, () -> evaluation.run(OWN, _ -> {})).getMessage();
            assertTrue(message.startsWith("question 2, \"a b c "), message);
        }
    }

    @Test
    void anInterruptEndsWithTheBatchesFinishedSoFar() {
        List<EvalReport> seen = new ArrayList<>();
        EvalReport report;
        boolean interrupted;
        try (Evaluation evaluation = new Evaluation(MODEL, QUESTIONS, Prompt::chat, 2)) {
            report = evaluation.run(OWN, soFar -> {
                seen.add(soFar);
                Thread.currentThread().interrupt();
            });
            interrupted = Thread.interrupted();
        }
        assertTrue(interrupted);
        assertEquals(List.of(report), seen);
        assertEquals(2, report.prompts());
        assertFalse(report.isComplete());
        assertEquals(Map.of("sub", new Tally(1, 2)), report.families());
    }

    @Test
    void modelsWithoutTokenizerCannotBeAsked() {
        LoadOptions options = LoadOptions.defaults().withMaskId(OptionalInt.of(390));
        try (LanguageModel model = LanguageModel.load(Path.of("goldens/checkpoints/llada2-moe"), options)) {
            InvalidRequestException e = assertThrows(
                    InvalidRequestException.class, () -> new Evaluation(model, QUESTIONS, Prompt::text, 1));
            assertTrue(e.getMessage().contains("no tokenizer.json"), e.getMessage());
        }
    }

    private static EvalReport report(EvalSetting setting, List<Question> questions, int batchSize) {
        try (Evaluation evaluation = new Evaluation(MODEL, questions, Prompt::chat, batchSize)) {
            return evaluation.run(setting, _ -> {});
        }
    }
}
