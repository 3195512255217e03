package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NoiseTest {

    /// The JDK's generator walks through the same counters.
    @Test
    void drawsAreThoseOfSplitMix64() {
        SplittableRandom random = new SplittableRandom(42);
        for (int token = 0; token < 1000; token++) {
            double expected = ((random.nextLong() >>> 12) + 0.5) * 0x1p-52;
            assertEquals(expected, Noise.uniform(42, token));
            assertEquals(-Math.log(-Math.log(expected)), Noise.gumbel(42, token));
        }
    }

    /// The counters go through the mixer one after the other; a change would change every seeded sample.
    @Test
    void keysAreChainedDraws() {
        for (int i = 0; i < 100; i++) {
            long seed = i * 31L - 50;
            assertEquals(draw(draw(draw(seed, 1), i), 3 * i), Noise.key(seed, i, 3 * i));
        }
    }

    /// Draw `n` of the generator that starts at `seed`.
    private static long draw(long seed, int n) {
        long golden = 0x9E3779B97F4A7C15L;
        return new SplittableRandom(seed + (n - 1) * golden).nextLong();
    }

    @Test
    void everyCounterCounts() {
        Set<Long> keys = new HashSet<>();
        for (int seed = -2; seed < 2; seed++) {
            for (int step = 0; step < 20; step++) {
                for (int position = 0; position < 20; position++) {
                    keys.add(Noise.key(seed, step, position));
                }
            }
        }
        assertEquals(4 * 20 * 20, keys.size());
        assertEquals(Noise.key(1, 2, 3), Noise.key(1, 2, 3));
        assertNotEquals(Noise.key(1, 2, 3), Noise.key(1, 3, 2));
    }

    /// Mean and variance of a standard Gumbel variate: Euler's constant and π²/6.
    @Test
    void gumbelMoments() {
        int draws = 200_000;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < draws; i++) {
            double g = Noise.gumbel(Noise.key(9, i % 50, i / 50), i % 1000);
            assertTrue(Double.isFinite(g));
            sum += g;
            squares += g * g;
        }
        double mean = sum / draws;
        assertEquals(0.577216, mean, 0.01);
        assertEquals(Math.PI * Math.PI / 6, squares / draws - mean * mean, 0.03);
    }
}
