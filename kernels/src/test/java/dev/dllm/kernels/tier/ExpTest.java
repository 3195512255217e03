package dev.dllm.kernels.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ExpTest {

    @Test
    void asCloseAsItSays() {
        Random random = new Random(3);
        for (int i = 0; i < 300_000; i++) {
            float x = Exp.LOWEST + random.nextFloat() * (88.72f - Exp.LOWEST);
            double exact = Math.exp(x);
            assertTrue(Math.abs(Exp.exp(x) - exact) <= 8e-8 * exact, "exp(" + x + ") = " + Exp.exp(x));
        }
    }

    @Test
    void atTheEnds() {
        assertEquals(1f, Exp.exp(0));
        assertEquals(1f, Exp.exp(-0f));
        assertEquals(0f, Exp.exp(Float.NEGATIVE_INFINITY));
        assertEquals(0f, Exp.exp(Math.nextDown(Exp.LOWEST)));
        assertTrue(Exp.exp(Exp.LOWEST) >= Float.MIN_NORMAL);
        assertTrue(Float.isFinite(Exp.exp(88.72f)));
        assertEquals(Float.POSITIVE_INFINITY, Exp.exp(88.73f));
        assertEquals(Float.POSITIVE_INFINITY, Exp.exp(Float.MAX_VALUE));
        assertEquals(Float.POSITIVE_INFINITY, Exp.exp(Float.POSITIVE_INFINITY));
        assertEquals(Float.NaN, Exp.exp(Float.NaN));
    }
}
