package dev.dllm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RopeScalingTest {
    private static final double THETA = 600000;
    private static final int WIDTH = 64;
    private static final float[] PLAIN = frequencies(new RopeScaling.None(), 1);

    @Test
    void ntkStretchesTheSlowestPairByTheFactorAndLeavesTheFastest() {
        float[] scaled = frequencies(new RopeScaling.Ntk(4), 1);
        assertEquals(PLAIN[0], scaled[0]);
        assertEquals(PLAIN[31] / 4, scaled[31], PLAIN[31] * 1e-6);
    }

    @Test
    void dynamicNtkIsNtkByWhatTheLengthExceeds() {
        RopeScaling dynamic = new RopeScaling.DynamicNtk(4, 1000);
        assertArrayEquals(PLAIN, frequencies(dynamic, 1));
        assertArrayEquals(PLAIN, frequencies(dynamic, 1000));
        assertTrue(frequencies(dynamic, 1001)[31] < PLAIN[31]);
        assertArrayEquals(frequencies(new RopeScaling.Ntk(5), 1), frequencies(dynamic, 2000));
        // A factor of 1 is no exception: theta still grows with the length.
        assertArrayEquals(frequencies(new RopeScaling.Ntk(2), 1), frequencies(new RopeScaling.DynamicNtk(1, 1000), 2000));
    }

    /// LLaDA2 from 32K: pairs turn once in 32768 positions at 20.6 and 32 times at 12.2.
    @Test
    void yarnLeavesFastPairsAndInterpolatesSlowOnes() {
        float[] scaled = frequencies(new RopeScaling.Yarn(2, 32768), 1);
        for (int pair = 0; pair < 32; pair++) {
            double part = pair <= 12 ? 0 : pair >= 21 ? 1 : (pair - 12) / 9.0;
            assertEquals(PLAIN[pair] * (1 - part / 2), scaled[pair], PLAIN[pair] * 1e-6, "pair " + pair);
        }
        assertEquals(1.0693147f, new RopeScaling.Yarn(2, 32768).attentionFactor());
        assertEquals(1, new RopeScaling.Yarn(1, 32768).attentionFactor());
    }

    /// The published factors of LLaDA (trained on 4K) and Dream (2K) reach the lengths they were published for, and factors
    /// smaller by one do not.
    @Test
    void publishedThetaScalesReachTheirLengths() {
        Rope llada = new Rope(500000, 128);
        int[][] published = {{4, 8192}, {14, 16384}, {31, 24576}, {55, 32768}};
        for (int[] pair : published) {
            assertTrue(llada.contextAt(pair[0], 4096) >= pair[1], pair[0] + " " + llada.contextAt(pair[0], 4096));
            assertTrue(llada.contextAt(pair[0] - 1, 4096) < pair[1], pair[0] - 1 + " " + llada.contextAt(pair[0] - 1, 4096));
        }
        Rope dream = new Rope(1e6, 128);
        assertTrue(dream.contextAt(5, 2048) >= 4096);
        assertTrue(dream.contextAt(4, 2048) < 4096);
        assertEquals(4096, llada.contextAt(1, 4096));
        assertEquals(131072, new Rope(10000, 128).contextAt(1.5, 131072));
        assertEquals(2_000_000, llada.withThetaScale(4).theta());
    }

    @Test
    void valuesOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Rope(1, 64));
        assertThrows(IllegalArgumentException.class, () -> new Rope(Double.POSITIVE_INFINITY, 64));
        assertThrows(IllegalArgumentException.class, () -> new Rope(10000, 3));
        assertThrows(IllegalArgumentException.class, () -> new Rope(10000, 2, new RopeScaling.Ntk(2)));
        assertThrows(IllegalArgumentException.class, () -> new RopeScaling.Linear(0.9));
        assertThrows(IllegalArgumentException.class, () -> new RopeScaling.Ntk(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new RopeScaling.DynamicNtk(2, 0));
        assertThrows(IllegalArgumentException.class, () -> new RopeScaling.Yarn(Double.POSITIVE_INFINITY, 1));
    }

    private static float[] frequencies(RopeScaling scaling, int length) {
        return scaling.frequencies(THETA, WIDTH, length);
    }
}
