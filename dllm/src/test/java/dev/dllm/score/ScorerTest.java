package dev.dllm.score;

import static dev.dllm.score.ScriptedScorer.BIDIRECTIONAL;
import static dev.dllm.score.ScriptedScorer.MASK;
import static dev.dllm.score.ScriptedScorer.VOCABULARY;
import static dev.dllm.score.ScriptedScorer.masks;
import static dev.dllm.score.ScriptedScorer.passage;
import static dev.dllm.score.ScriptedScorer.settings;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.InvalidRequestException;
import dev.dllm.Passage;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.NonFiniteLogitsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Scores that can be worked out by hand, and what the network is asked for them.
class ScorerTest {
    private static final int[] PROMPT = {1, 2, 3};
    private static final List<Estimator> ESTIMATORS =
            List.of(new MonteCarlo(7, 5), new OneByOne(), new LeftToRight());
    private static final List<AttentionPattern> PATTERNS = List.of(BIDIRECTIONAL, new AttentionPattern.BlockCausal(4));

    @Test
    void aModelThatKnowsNothingGivesEveryTokenTheSameShare() {
        for (AttentionPattern pattern : PATTERNS) {
            for (Estimator estimator : ESTIMATORS) {
                try (ScriptedScorer scorer =
                        new ScriptedScorer(pattern, false, (_, _, _) -> new Answer(0, 1.0 / VOCABULARY))) {
                    Score score = scorer.score(passage(PROMPT, 4, 5, 6, 7, 8, 9), settings(estimator).withGuidance(1.5f));
                    assertEquals(-6 * Math.log(VOCABULARY), score.logLikelihood(), 1e-12, estimator + ", " + pattern);
                    assertEquals(VOCABULARY, score.perplexity(), 1e-10);
                    assertEquals(-Math.log(VOCABULARY), score.perToken(), 1e-12);
                    assertEquals(6, score.tokens());
                }
            }
        }
    }

    @Test
    void twoSamplesOfTwoTokensHoldBothCounts() {
        // ln 0.5 for a token beside the other one, ln 0.2 for each while both are masks.
        try (ScriptedScorer scorer = new ScriptedScorer(
                (_, tokens, position) -> new Answer(position == 3 ? 4 : 5, masks(tokens) == 1 ? 0.5 : 0.2))) {
            for (long seed = 0; seed < 8; seed++) {
                Score score = scorer.score(passage(PROMPT, 4, 5), settings(new MonteCarlo(2, seed)));
                assertEquals((2 * Math.log(0.5) + 2 * Math.log(0.2)) / 2, score.logLikelihood(), 1e-6);
                assertEquals(2, score.samples());
                assertEquals(2 * 5, score.positionsComputed());
            }
        }
    }

    @Test
    void randomMasksAverageToTheSumOverAllMasks() {
        // What a token is given depends on which of the others are masks.
        try (ScriptedScorer scorer = new ScriptedScorer((_, tokens, position) -> {
            int others = 0;
            for (int other = 3; other < tokens.length; other++) {
                others += tokens[other] == MASK ? 1 << (other - 3) : 0;
            }
            return new Answer(position, 0.9 / (1 + others));
        })) {
            Passage passage = passage(PROMPT, 3, 4, 5, 6);
            double exact = scorer.score(passage, settings(new EveryMask())).logLikelihood();
            double sum = 0;
            double squares = 0;
            int runs = 400;
            for (int seed = 0; seed < runs; seed++) {
                double estimate = scorer.score(passage, settings(new MonteCarlo(3, seed))).logLikelihood();
                sum += estimate;
                squares += estimate * estimate;
            }
            double mean = sum / runs;
            double standardError = Math.sqrt((squares / runs - mean * mean) / runs);
            assertTrue(standardError > 0.01, "the estimates differ");
            assertEquals(exact, mean, 3 * standardError);
        }
    }

    /// Blocks of 2 behind a prompt of 3; what is before the block sees what is before it alone.
    @Test
    void blocksBehindACausalContextBeginBehindThePrompt() {
        try (ScriptedScorer scorer =
                new ScriptedScorer(new AttentionPattern.CausalContext(2), false, (_, _, position) -> new Answer(position + 1, 0.5))) {
            Score score = scorer.score(passage(PROMPT, 4, 5, 6), settings(new LeftToRight()));
            assertEquals(3 * Math.log(0.5), score.logLikelihood(), 1e-6);
            assertEquals(5 + 5 + 6, score.positionsComputed());
            assertEquals(
                    List.of(
                            "0-0:[0, 1] 1-1:[0, 2] 2-2:[0, 3] 3-4:[0, 5]", "0-0:[0, 1] 1-1:[0, 2] 2-2:[0, 3] 3-4:[0, 5]",
                            "0-0:[0, 1] 1-1:[0, 2] 2-2:[0, 3] 3-3:[0, 4] 4-4:[0, 5] 5-5:[0, 6]"),
                    scorer.network.visible);
        }
    }

    /// Rows that predict the next position begin one before the block.
    @Test
    void shiftedRowsOfACausalContextBeginWithTheTokenBeforeTheBlock() {
        try (ScriptedScorer scorer =
                new ScriptedScorer(new AttentionPattern.CausalContext(2), true, (_, _, position) -> new Answer(position + 2, 0.5))) {
            assertEquals(2 * Math.log(0.5), scorer.score(passage(PROMPT, 4, 5), settings(new OneByOne())).logLikelihood(), 1e-6);
            assertEquals("0-0:[0, 1] 1-1:[0, 2] 2-3:[0, 4]", scorer.network.visible.getFirst());
        }
    }

    @Test
    void pseudoLikelihoodMasksOneTokenAtATime() {
        try (ScriptedScorer scorer = new ScriptedScorer((_, tokens, position) -> {
            assertEquals(1, masks(tokens));
            assertEquals(MASK, tokens[position]);
            return new Answer(position + 1, 0.1 * position);
        })) {
            Score score = scorer.score(passage(PROMPT, 4, 5, 6), settings(new OneByOne()));
            assertEquals(Math.log(0.3) + Math.log(0.4) + Math.log(0.5), score.logLikelihood(), 1e-6);
            assertEquals(3, score.samples());
        }
    }

    @Test
    void theChainRuleShowsWhatIsToTheLeft() {
        List<String> seen = new ArrayList<>();
        try (ScriptedScorer scorer = new ScriptedScorer((_, tokens, position) -> {
            seen.add(position + ": " + Arrays.toString(tokens));
            return new Answer(position + 1, 0.1 * position);
        })) {
            Score score = scorer.score(passage(PROMPT, 4, 9), settings(new LeftToRight()));
            // The second token is not the one that is proposed: it has a share of what is left.
            assertEquals(Math.log(0.3) + Math.log(0.6 / (VOCABULARY - 1)), score.logLikelihood(), 1e-6);
        }
        assertEquals(List.of("3: [1, 2, 3, 19, 19]", "4: [1, 2, 3, 4, 19]"), seen);
    }

    @Test
    void blockCausalModelsScoreEveryBlockBehindCleanOnes() {
        List<String> seen = new ArrayList<>();
        try (ScriptedScorer scorer =
                new ScriptedScorer(new AttentionPattern.BlockCausal(4), false, (_, tokens, position) -> {
                    seen.add(position + ": " + Arrays.toString(tokens));
                    return new Answer(position + 1, 0.1 * position);
                })) {
            Score score = scorer.score(passage(PROMPT, 4, 5, 6), settings(new LeftToRight()));
            assertEquals(Math.log(0.3) + Math.log(0.4) + Math.log(0.5), score.logLikelihood(), 1e-6);
            assertEquals(4 + 6 + 6, score.positionsComputed());
            assertEquals(List.of("[0..4) for [3]", "[0..6) for [4]", "[0..6) for [5]"), scorer.network.calls);
            assertEquals(
                    List.of("0-3:[0, 4]", "0-3:[0, 4] 4-5:[0, 6]", "0-3:[0, 4] 4-5:[0, 6]"), scorer.network.visible);
        }
        assertEquals(List.of("3: [1, 2, 3, 19]", "4: [1, 2, 3, 4, 19, 19]", "5: [1, 2, 3, 4, 5, 19]"), seen);
    }

    @Test
    void rowsOfShiftedModelsPredictTheNextPosition() {
        for (AttentionPattern pattern : PATTERNS) {
            try (ScriptedScorer scorer =
                    new ScriptedScorer(pattern, true, (_, _, row) -> new Answer(row + 2, 0.1 * (row + 1)))) {
                Score score = scorer.score(passage(PROMPT, 4, 5), settings(new OneByOne()));
                assertEquals(Math.log(0.3) + Math.log(0.4), score.logLikelihood(), 1e-6);
                assertTrue(scorer.network.calls.getFirst().endsWith("for [2]"), scorer.network.calls::toString);
                assertTrue(scorer.network.calls.getLast().endsWith("for [3]"), scorer.network.calls::toString);
                assertThrows(
                        InvalidRequestException.class,
                        () -> scorer.score(passage(new int[0], 4, 5), settings(new OneByOne())));
            }
        }
    }

    @Test
    void guidanceMovesLogitsAwayFromThoseWithoutThePrompt() {
        double with = 0.6;
        double without = 0.3;
        try (ScriptedScorer scorer = new ScriptedScorer((_, tokens, _) -> {
            boolean hidden = tokens[0] == MASK && tokens[1] == MASK && tokens[2] == MASK;
            assertEquals(hidden ? 4 : 1, masks(tokens));
            return new Answer(4, hidden ? without : with);
        })) {
            Passage passage = passage(PROMPT, 4);
            Score score = scorer.score(passage, settings(new MonteCarlo(9, 0)).withGuidance(0.5f));
            // The distance between the logit of token 4 and those of the others.
            double conditional = Math.log(with) - Math.log((1 - with) / (VOCABULARY - 1));
            double unconditional = Math.log(without) - Math.log((1 - without) / (VOCABULARY - 1));
            double distance = unconditional + 1.5 * (conditional - unconditional);
            assertEquals(-Math.log(1 + (VOCABULARY - 1) * Math.exp(-distance)), score.logLikelihood(), 1e-6);
            assertEquals(1, score.samples(), "one token needs one sample");
            assertEquals(2 * 4, score.positionsComputed());
        }
    }

    @Test
    void copiesOfSeveralTextsShareCalls() {
        try (ScriptedScorer scorer = new ScriptedScorer((_, _, _) -> new Answer(4, 0.5))) {
            List<Score> scores = scorer.score(
                    List.of(passage(PROMPT, 4, 4, 4), passage(PROMPT, 4, 4), passage(PROMPT, 5)),
                    settings(new OneByOne()).withBatchSize(4));
            assertEquals(3 * Math.log(0.5), scores.get(0).logLikelihood(), 1e-6);
            assertEquals(2 * Math.log(0.5), scores.get(1).logLikelihood(), 1e-6);
            assertEquals(Math.log(0.5 / (VOCABULARY - 1)), scores.get(2).logLikelihood(), 1e-6);
            assertEquals(
                    List.of("[0..6) for [3]", "[0..6) for [4]", "[0..6) for [5]", "[0..5) for [3]", "[0..5) for [4]",
                            "[0..4) for [3]"),
                    scorer.network.calls);
            assertEquals(0, Score.best(scores.subList(0, 2), Score::perToken), "the first of equals");
            assertEquals(1, Score.best(scores, Score::logLikelihood));
        }
    }

    @Test
    void aTextIsGreedyIfTheMostConfidentTokensMakeIt() {
        // Position 5 is the surest; what follows at 3 and 4 depends on what stands there.
        try (ScriptedScorer scorer = new ScriptedScorer((_, tokens, position) -> switch (position) {
            case 5 -> new Answer(9, 0.9);
            case 3 -> new Answer(tokens[5] == 9 ? 7 : 8, 0.8);
            default -> new Answer(tokens[3] == 7 ? 6 : 8, 0.7);
        })) {
            assertTrue(scorer.isGreedy(passage(PROMPT, 7, 6, 9), 0));
            assertEquals(3, scorer.network.calls.size());
            assertEquals(false, scorer.isGreedy(passage(PROMPT, 8, 8, 9), 0), "what one call for all would write");
            assertEquals(5, scorer.network.calls.size(), "ends with the first token that differs");
        }
    }

    @Test
    void guidanceAndShiftedRowsDecideWhatIsGreedy() {
        // Without the prompt token 5 is sure, with it barely surer than token 4: guidance prefers what the prompt adds.
        try (ScriptedScorer scorer = new ScriptedScorer(
                (_, tokens, _) -> tokens[0] == MASK ? new Answer(5, 0.9) : new Answer(5, 0.06))) {
            assertTrue(scorer.isGreedy(passage(PROMPT, 5), 0));
            assertEquals(false, scorer.isGreedy(passage(PROMPT, 5), 2));
            assertTrue(scorer.isGreedy(passage(PROMPT, 0), 2), "the others are equal, the first of them wins");
        }
        for (AttentionPattern pattern : PATTERNS) {
            try (ScriptedScorer scorer =
                    new ScriptedScorer(pattern, true, (_, _, row) -> new Answer(row + 2, 0.5))) {
                assertTrue(scorer.isGreedy(passage(PROMPT, 4, 5), 0));
                assertEquals(false, scorer.isGreedy(passage(PROMPT, 5, 6), 0));
            }
        }
    }

    @Test
    void blockCausalModelsWriteWholeBlocks() {
        try (ScriptedScorer scorer = new ScriptedScorer(
                new AttentionPattern.BlockCausal(4), false, (_, _, position) -> new Answer(position, 0.5))) {
            assertTrue(scorer.isGreedy(passage(PROMPT, 3, 4), 0));
            assertEquals(
                    List.of("[0..4) for [3]", "[0..8) for [4, 5, 6, 7]", "[0..8) for [5, 6, 7]", "[0..8) for [6, 7]",
                            "[0..8) for [7]"),
                    scorer.network.calls);
            assertEquals(false, scorer.isGreedy(passage(PROMPT, 3, 5), 0));
        }
    }

    @Test
    void whatCannotBeScoredIsRefusedBeforeAnythingIsComputed() {
        try (ScriptedScorer scorer = new ScriptedScorer((_, _, _) -> new Answer(4, 0.5))) {
            ScoreSettings settings = settings(new OneByOne());
            refused("nothing to score", () -> scorer.score(List.of(), settings));
            refused("the continuation has 0 tokens", () -> scorer.score(passage(PROMPT), settings));
            refused("the continuation has 0 tokens", () -> scorer.isGreedy(passage(PROMPT), 0));
            refused(
                    "a prompt of 3 tokens and a continuation of 30 exceed the model's context of 32 positions",
                    () -> scorer.score(passage(PROMPT, new int[30]), settings));
            refused("continuation id 20 is outside", () -> scorer.score(passage(PROMPT, 4, 20), settings));
            refused("prompt id -1 is outside", () -> scorer.score(passage(new int[] {-1}, 4), settings));
            refused(
                    "0 tokens", () -> scorer.score(List.of(passage(PROMPT, 4), passage(PROMPT)), settings));
            refused("batch size 0", () -> settings.withBatchSize(0));
            refused("guidance -0.5", () -> settings.withGuidance(-0.5f));
            refused("guidance NaN", () -> settings.withGuidance(Float.NaN));
            refused("samples 0", () -> new MonteCarlo(0, 1));
            int many = 2_000_000_000;
            refused(
                    "memory are available",
                    () -> scorer.score(passage(PROMPT, 4, 5), settings(new MonteCarlo(many, 0)).withBatchSize(many)));
            assertEquals(List.of(), scorer.network.calls);
        }
    }

    @Test
    void logitsThatAreNoNumbersAreAnError() {
        try (ScriptedScorer scorer = new ScriptedScorer((_, _, _) -> new Answer(4, Double.NaN))) {
            assertThrows(
                    NonFiniteLogitsException.class, () -> scorer.score(passage(PROMPT, 4), settings(new OneByOne())));
        }
    }

    @Test
    void anInterruptEndsTheRunBeforeItsNextCall() {
        try (ScriptedScorer scorer = new ScriptedScorer((_, _, _) -> {
            Thread.currentThread().interrupt();
            return new Answer(4, 0.5);
        })) {
            ScoreSettings settings = settings(new OneByOne()).withBatchSize(1);
            assertThrows(CancellationException.class, () -> scorer.score(passage(PROMPT, 4, 4), settings));
            assertTrue(Thread.interrupted());
            assertEquals(1, scorer.network.calls.size());
            assertThrows(CancellationException.class, () -> scorer.isGreedy(passage(PROMPT, 4, 4), 0));
            assertTrue(Thread.interrupted());
            assertEquals(2, scorer.network.calls.size());
        }
    }

    private static void refused(String reason, Runnable request) {
        String message = assertThrows(InvalidRequestException.class, request::run).getMessage();
        assertTrue(message.contains(reason), message);
    }

    /// The average that random masks estimate, in full.
    private record EveryMask() implements Estimator {
        @Override
        public int samples(int length) {
            return (1 << length) - 1;
        }

        @Override
        public Sample sample(int length, int block, int index) {
            int set = index + 1;
            int[] masked = IntStream.range(0, length).filter(i -> (set >> i & 1) != 0).toArray();
            double setsOfThisSize = 1;
            for (int i = 0; i < masked.length; i++) {
                setsOfThisSize = setsOfThisSize * (length - i) / (i + 1);
            }
            return new Sample(masked, masked, 1 / setsOfThisSize / masked.length);
        }
    }
}
