package dev.dllm.score;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.Passage;
import dev.dllm.model.AttentionPattern;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Laws of scores on real networks with random weights.
class GoldenModelScoreTest {
    private static final int[] PROMPT = {5, 6, 7};

    @Test
    void theProbabilitiesOfAllOneTokenTextsAddUpToOne() {
        for (String checkpoint : new String[] {"llada-gqa", "dream"}) {
            try (LanguageModel model = load(checkpoint); Scorer scorer = new Scorer(model)) {
                List<Passage> every = IntStream.range(0, model.spec().transformer().vocabulary())
                        .mapToObj(id -> new Passage(PROMPT, new int[] {id}))
                        .toList();
                for (float guidance : new float[] {0, 0.7f}) {
                    double sum = scorer.score(every, ScoreSettings.defaults().withBatchSize(64).withGuidance(guidance))
                            .stream()
                            .mapToDouble(score -> Math.exp(score.logLikelihood()))
                            .sum();
                    assertEquals(1, sum, 1e-9, checkpoint);
                }
            }
        }
    }

    @Test
    void theChainRulesLastStepAddsUpToOne() {
        try (LanguageModel model = load("llada-gqa"); Scorer scorer = new Scorer(model)) {
            ScoreSettings settings = ScoreSettings.defaults().withBatchSize(64);
            List<Passage> every = IntStream.range(0, model.spec().transformer().vocabulary())
                    .mapToObj(id -> new Passage(PROMPT, new int[] {9, id}))
                    .toList();
            double sum = scorer.score(every, settings.withEstimator(new LeftToRight())).stream()
                    .mapToDouble(score -> Math.exp(score.logLikelihood()))
                    .sum();
            // Every text has the first step in common.
            Score first = scorer.score(every.getFirst(), settings.withEstimator(new FirstStep()));
            assertEquals(Math.exp(first.logLikelihood()), sum, 1e-9);
        }
    }

    @Test
    void neitherTheBatchNorOtherTextsChangeABit() {
        for (String checkpoint : new String[] {"llada-gqa", "llada2-moe"}) {
            try (LanguageModel model = load(checkpoint);
                    Scorer scorer = new Scorer(model, new AttentionPattern.BlockCausal(8))) {
                List<Passage> passages = List.of(
                        new Passage(PROMPT, IntStream.range(20, 40).toArray()),
                        new Passage(PROMPT, IntStream.range(50, 57).toArray()),
                        new Passage(new int[] {1}, new int[] {2, 3}));
                ScoreSettings settings = new ScoreSettings(new MonteCarlo(6, 1), 0.4f, 5);
                List<Score> together = scorer.score(passages, settings);
                for (int i = 0; i < passages.size(); i++) {
                    assertEquals(together.get(i), scorer.score(passages.get(i), settings.withBatchSize(1)), checkpoint);
                }
            }
        }
    }

    @Test
    void oneBlockForAllIsBidirectional() {
        try (LanguageModel model = load("llada-gqa");
                Scorer bidirectional = new Scorer(model);
                Scorer oneBlock = new Scorer(model, new AttentionPattern.BlockCausal(64))) {
            Passage passage = new Passage(PROMPT, IntStream.range(20, 40).toArray());
            ScoreSettings settings = ScoreSettings.defaults().withEstimator(new MonteCarlo(8, 2));
            assertEquals(bidirectional.score(passage, settings), oneBlock.score(passage, settings));
        }
    }

    private static LanguageModel load(String checkpoint) {
        LoadOptions options = LoadOptions.defaults();
        return LanguageModel.load(
                Path.of("goldens/checkpoints", checkpoint),
                checkpoint.equals("llada2-moe") ? options.withMaskId(OptionalInt.of(390)) : options);
    }

    /// The first step of [LeftToRight].
    private record FirstStep() implements Estimator {
        @Override
        public int samples(int length) {
            return 1;
        }

        @Override
        public Sample sample(int length, int block, int index) {
            return new LeftToRight().sample(length, block, 0);
        }
    }
}
