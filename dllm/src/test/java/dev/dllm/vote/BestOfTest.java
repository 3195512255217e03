package dev.dllm.vote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.Passage;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.FinishReason;
import dev.dllm.decode.Trace;
import dev.dllm.model.AttentionPattern;
import dev.dllm.score.LeftToRight;
import dev.dllm.score.Score;
import dev.dllm.score.ScoreSettings;
import dev.dllm.score.Scorer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The best of generations of a model of the golden set that differ in their seeds.
class BestOfTest {
    private static final GenerationRequest REQUEST = request(1);
    private static final ScoreSettings SETTINGS = ScoreSettings.defaults().withEstimator(new LeftToRight());

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = LanguageModel.load(Path.of("goldens/checkpoints/llada-mha"), LoadOptions.defaults().withMaskId(OptionalInt.of(310)));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static GenerationRequest request(float temperature) {
        DecodeSettings settings = DecodeSettings.of(new AttentionPattern.Bidirectional(), 8, 4);
        return new GenerationRequest(
                Prompt.ids(5, 9, 14, 3), settings.withSampling(settings.sampling().withTemperature(temperature)));
    }

    private static List<GenerationResult> runs(GenerationRequest request, long first, int count) {
        try (Session session = model.newSession()) {
            return session.generate(request.withSeeds(first, count), GenerationListener.NONE);
        }
    }

    private static GenerationResult text(int... ids) {
        return new GenerationResult(
                new int[] {5, 9}, ids, List.of(ids), ids, "", 0, 0, 0, 0, FinishReason.LENGTH, new Trace());
    }

    @Test
    void everyRunHasTheNextSeed() {
        List<GenerationResult> runs = runs(REQUEST, 7, 3);

        for (int i = 0; i < 3; i++) {
            GenerationRequest alone = new GenerationRequest(REQUEST.prompt(), REQUEST.settings().withSeed(7 + i));
            try (Session session = model.newSession()) {
                assertArrayEquals(session.generate(alone, GenerationListener.NONE).ids(), runs.get(i).ids());
            }
        }
        assertFalse(Arrays.equals(runs.get(0).ids(), runs.get(1).ids()));
        assertThrows(InvalidRequestException.class, () -> REQUEST.withSeeds(7, 0));
    }

    @Test
    void theScoreDecides() {
        List<GenerationResult> runs = runs(REQUEST, 0, 4);
        BestOf best = new BestOf(runs, candidate -> candidate == runs.get(2) ? 1 : -1);

        assertEquals(2, best.best());
        assertSame(runs.get(2), best.winner());
        assertEquals(-1, best.score(3));
        assertEquals(runs, best.candidates());
    }

    @Test
    void oneIsThePlainRun() {
        try (Session session = model.newSession()) {
            int[] plain = session.generate(REQUEST, GenerationListener.NONE).ids();
            assertArrayEquals(plain, new BestOf(runs(REQUEST, 0, 1), _ -> Double.NEGATIVE_INFINITY).winner().ids());
        }
    }

    @Test
    void theFirstOfEqualOnesWins() {
        List<GenerationResult> texts = List.of(text(1), text(3), text(2), text(3));

        assertEquals(0, new BestOf(texts, _ -> 0).best());
        assertEquals(1, new BestOf(texts, candidate -> candidate.ids()[0]).best());
        assertEquals(0, new BestOf(texts, _ -> Double.NEGATIVE_INFINITY).best());
    }

    @Test
    void scoresAreNumbers() {
        List<GenerationResult> texts = List.of(text(1), text(3));

        assertEquals(
                "candidate 1 has the score NaN: needs a number",
                assertThrows(IllegalArgumentException.class, () -> new BestOf(texts, c -> c.ids()[0] == 3 ? Double.NaN : 0)).getMessage());
        assertEquals(
                "the best of 0 generations: needs 1 or more",
                assertThrows(IllegalArgumentException.class, () -> new BestOf(List.of(), _ -> 0)).getMessage());
    }

    @Test
    void theLikelihoodIsThatOfTheIdsBehindThePrompt() {
        List<GenerationResult> runs = runs(REQUEST, 0, 4);
        try (Scorer scorer = new Scorer(model)) {
            BestOf best = new BestOf(runs, new Likelihood(scorer, SETTINGS));
            List<Score> scores = scorer.score(
                    runs.stream().map(run -> new Passage(new int[] {5, 9, 14, 3}, run.ids())).toList(), SETTINGS);

            for (int i = 0; i < runs.size(); i++) {
                assertEquals(scores.get(i).logLikelihood(), best.score(i));
            }
            assertEquals(Score.best(scores, Score::logLikelihood), best.best());
        }
    }

    @Test
    void theMostProbableTokensAreLikelierThanDrawnOnes() {
        GenerationResult greedy = runs(request(0), 0, 1).getFirst();
        GenerationResult drawn = runs(request(5), 0, 1).getFirst();
        try (Scorer scorer = new Scorer(model)) {
            assertEquals(1, new BestOf(List.of(drawn, greedy), new Likelihood(scorer, SETTINGS)).best());
        }
    }

    @Test
    void equalTextsAreScoredOnceAndNoTokensAreNotLikely() {
        try (Scorer scorer = new Scorer(model)) {
            Likelihood likelihood = new Likelihood(scorer, SETTINGS);
            double score = likelihood.applyAsDouble(text(1, 2));

            // Two copies of a text of four tokens.
            assertEquals(8, likelihood.positionsComputed());
            assertEquals(score, likelihood.applyAsDouble(text(1, 2)));
            assertEquals(8, likelihood.positionsComputed());
            assertTrue(score > likelihood.applyAsDouble(text()));
            assertEquals(Double.NEGATIVE_INFINITY, likelihood.applyAsDouble(text()));
            likelihood.applyAsDouble(text(2, 1));
            assertEquals(16, likelihood.positionsComputed());
        }
    }
}
