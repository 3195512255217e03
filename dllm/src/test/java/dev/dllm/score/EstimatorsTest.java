package dev.dllm.score;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.InvalidRequestException;
import dev.dllm.score.Estimator.Sample;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which masks are drawn, and the names of estimators.
class EstimatorsTest {

    @Test
    void asManySamplesAsTokensHoldEveryCountOnce() {
        Estimator estimator = new MonteCarlo(11, 3);
        int[] counts = IntStream.range(0, 11).map(i -> estimator.sample(11, 0, i).masked().length).sorted().toArray();
        assertArrayEquals(IntStream.rangeClosed(1, 11).toArray(), counts);
    }

    @Test
    void everyCountAndEveryTokenIsEquallyLikely() {
        int length = 6;
        int[] counts = new int[length + 1];
        int[] tokens = new int[length];
        int draws = 4000;
        for (int seed = 0; seed < draws; seed++) {
            Sample sample = new MonteCarlo(5, seed).sample(length, 0, 3);
            counts[sample.masked().length]++;
            Arrays.stream(sample.masked()).forEach(i -> tokens[i]++);
            assertEquals((double) length / sample.masked().length / 5, sample.weight(), 1e-15);
            assertArrayEquals(IntStream.of(sample.masked()).sorted().distinct().toArray(), sample.scored());
        }
        // Five standard deviations of a binomial distribution.
        double each = draws / (double) length;
        for (int count = 1; count <= length; count++) {
            assertEquals(each, counts[count], 5 * Math.sqrt(each), "masks of size " + count);
        }
        double masked = draws * 3.5 / length;
        for (int token = 0; token < length; token++) {
            assertEquals(masked, tokens[token], 5 * Math.sqrt(draws) / 2, "token " + token);
        }
    }

    @Test
    void masksDependOnSeedBlockAndIndexAlone() {
        Estimator estimator = new MonteCarlo(8, 3);
        assertArrayEquals(masked(estimator, 0), masked(new MonteCarlo(8, 3), 0));
        assertTrue(!Arrays.equals(masked(estimator, 0), masked(estimator, 1)), "another block");
        assertTrue(!Arrays.equals(masked(estimator, 0), masked(new MonteCarlo(8, 4), 0)), "another seed");
    }

    @Test
    void namesAreReadAsTheyAreWritten() {
        for (String name : new String[] {"monte-carlo:32", "pseudo", "left-to-right", "all-masked"}) {
            assertEquals(name, Estimators.parse(name, 0).toString());
        }
        assertEquals(new MonteCarlo(128, 9), Estimators.parse("monte-carlo", 9));
        for (String wrong : new String[] {"montecarlo", "pseudo:3", "monte-carlo:", "monte-carlo:x", "monte-carlo:0", ""}) {
            assertThrows(InvalidRequestException.class, () -> Estimators.parse(wrong, 0), wrong);
        }
    }

    /// All masks of one block of 40 tokens.
    private static int[] masked(Estimator estimator, int block) {
        return IntStream.range(0, 8).flatMap(i -> Arrays.stream(estimator.sample(40, block, i).masked())).toArray();
    }
}
