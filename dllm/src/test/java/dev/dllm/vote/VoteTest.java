package dev.dllm.vote;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.GenerationListener;
import dev.dllm.GenerationRequest;
import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.model.AttentionPattern;
import dev.dllm.score.Scorer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Votes over generations of a model of the golden set.
class VoteTest {
    private static final Prompt PROMPT = Prompt.ids(5, 9, 14, 3);
    private static final DecodeSettings SETTINGS = DecodeSettings.of(new AttentionPattern.Bidirectional(), 12, 4);

    private static LanguageModel model;

    @BeforeAll
    static void load() {
        model = LanguageModel.load(Path.of("goldens/checkpoints/llada-mha"), LoadOptions.defaults().withMaskId(OptionalInt.of(310)));
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static GenerationResult run(DecodeSettings settings, GenerationListener listener) {
        try (Session session = model.newSession()) {
            return session.generate(new GenerationRequest(PROMPT, settings), listener);
        }
    }

    private static Optional<String> whole(int[] ids) {
        return Optional.of(Arrays.toString(ids));
    }

    @Test
    void watchingChangesNothing() {
        GenerationResult plain = run(SETTINGS, GenerationListener.NONE);
        TemporalVote<String> vote = new TemporalVote<>(StepWeight.linear(), VoteTest::whole);
        GenerationResult watched = run(SETTINGS, vote);

        assertArrayEquals(plain.ids(), watched.ids());
        assertEquals(plain.calls(), vote.predictions(0).size());
        assertEquals(plain.trace().calls(), watched.trace().calls());
    }

    @Test
    void theLastStepPredictsTheText() {
        TemporalVote<String> vote =
                new TemporalVote<>((step, steps) -> step == steps - 1 ? 1 : 0, VoteTest::whole);
        GenerationResult result = run(SETTINGS, vote);

        assertEquals(whole(result.ids()), vote.ballot(0).winner());
    }

    @Test
    void theFirstStepPredictsEveryBlock() {
        // One block of one call is what the first of many calls predicts.
        TemporalVote<String> vote = new TemporalVote<>(StepWeight.fixed(), VoteTest::whole);
        run(SETTINGS, vote);

        int[] atOnce = run(SETTINGS.withBlockLength(12).withSteps(1), GenerationListener.NONE).ids();
        assertEquals(whole(atOnce), vote.predictions(0).getFirst().answer());
        assertArrayEquals(atOnce, vote.predictions(0).getFirst().ids());
    }

    @Test
    void weightsGoByTheShareOfTheCallsThatWereMade() {
        TemporalVote<String> vote = new TemporalVote<>(StepWeights.parse("linear"), _ -> Optional.of("the same"));
        run(SETTINGS.withSteps(2), vote);

        // Three blocks of two calls: (1 + 2 + 3 + 4 + 5 + 6) / 6.
        assertEquals(3.5, vote.ballot(0).totals().get("the same"), 1e-12);
    }

    @Test
    void weightsByName() {
        assertEquals(1, StepWeights.parse("fixed").of(3, 8));
        assertEquals(0.5, StepWeights.parse("linear").of(3, 8));
        assertEquals(Math.exp(5 * 3 / 8.0), StepWeights.parse("exponential").of(3, 8), 1e-12);
        assertEquals(Math.exp(-3 / 8.0), StepWeights.parse("exponential:-1").of(3, 8), 1e-12);
        assertThrows(IllegalArgumentException.class, () -> StepWeights.parse("exponential:1e9"));
        assertThrows(IllegalArgumentException.class, () -> StepWeights.parse("exp"));
    }

    @Test
    void oneBlockLengthIsThePlainRun() {
        GenerationRequest request = new GenerationRequest(PROMPT, SETTINGS);
        try (Session session = model.newSession()) {
            List<GenerationResult> runs = session.generate(ScheduleVote.requests(request, 12, 4), GenerationListener.NONE);
            assertArrayEquals(run(SETTINGS, GenerationListener.NONE).ids(), runs.getFirst().ids());
        }
    }

    @Test
    void theLikeliestRunBreaksATie() {
        GenerationRequest request = new GenerationRequest(PROMPT, SETTINGS);
        try (Session session = model.newSession(); Scorer scorer = new Scorer(model)) {
            List<GenerationResult> runs =
                    session.generate(ScheduleVote.requests(request, 12, 1, 12), GenerationListener.NONE);
            assertEquals(12, runs.getFirst().calls());
            ScheduleVote<String> vote = new ScheduleVote<>(runs, result -> whole(result.ids()));
            double[] likelihoods = vote.likelihoods(scorer);
            int likeliest = likelihoods[1] > likelihoods[0] ? 1 : 0;

            assertEquals(2, vote.ballot().leaders().size());
            assertEquals(vote.answers().getFirst(), vote.winner());
            assertEquals(vote.answers().get(likeliest), vote.likeliestWinner(scorer));
        }
    }

    @Test
    void everyBlockNeedsACall() {
        GenerationRequest request = new GenerationRequest(PROMPT, SETTINGS);

        assertThrows(IllegalArgumentException.class, () -> ScheduleVote.requests(request, 2, 4));
    }
}
