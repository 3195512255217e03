package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LearnedTest {
    private static final int[] PROMPT = {1, 2};
    private static final ScriptedNetwork.Script SCRIPT = (_, _, position) -> new Answer(position, 0.5);

    /// What every call changes if the policy says the same of each position of the span in all of them.
    ///
    /// @param uniforms by call and position
    private static List<String> run(float[] probability, float temperature, double[]... uniforms) {
        Randomness byHand = new Randomness() {
            @Override
            public long key(int call, int position) {
                return 0;
            }

            @Override
            public double uniform(int call, int position) {
                return uniforms[call][position - PROMPT.length];
            }
        };
        Unmasking rule = new Learned((_, _) -> probability, temperature);
        return Scripted.run(PROMPT, Scripted.bidirectional(4).withUnmasking(rule).withRandomness(byHand), SCRIPT).changes();
    }

    @Test
    void everyMaskIsDrawnOnItsOwn() {
        float[] probability = {0.1f, 0.8f, 0.5f, 0.3f};
        assertEquals(
                List.of("3=3 5=5", "2=2 4=4"),
                run(probability, 1, new double[] {0.11, 0.79, 0.51, 0.29}, new double[] {0.09, 0, 0.49, 0}));
    }

    /// Logits ln(p / (1 − p)) are divided: of 0.8 and 0.5 is left 4² / (1 + 4²) = 0.941 and 0.5 at a temperature of 1/2,
    /// √4 / (1 + √4) = 0.667 and 0.5 at one of 2; 0.2 is 0.059 and 0.333.
    @Test
    void aTemperatureSharpensOrEvensOut() {
        float[] probability = {0.2f, 0.8f, 0.5f, 1};
        double[] rest = {0, 0, 0, 0};
        assertEquals(List.of("3=3 5=5", "2=2 4=4"), run(probability, 0.5f, new double[] {0.06, 0.94, 0.501, 0.99}, rest));
        assertEquals(List.of("2=2 4=4 5=5", "3=3"), run(probability, 0.5f, new double[] {0.058, 0.942, 0.499, 0.99}, rest));
        assertEquals(List.of("3=3 5=5", "2=2 4=4"), run(probability, 2, new double[] {0.334, 0.666, 0.501, 0.99}, rest));
        assertEquals(List.of("2=2 4=4 5=5", "3=3"), run(probability, 2, new double[] {0.332, 0.667, 0.499, 0.99}, rest));
    }

    /// Nothing is drawn: 0.5 is not above a half. The lowest of the equals comes first; of masks that are never wanted too.
    @Test
    void oneIsCommittedInAnyCase() {
        assertEquals(List.of("3=3 4=4", "5=5", "2=2"), run(new float[] {0.4f, 0.51f, 1, 0.5f}, 0));
        assertEquals(List.of("4=4", "3=3", "5=5", "2=2"), run(new float[] {0.1f, 0.3f, 0.4f, 0.3f}, 0));
        double[] never = {0.99, 0.99, 0.99, 0.99};
        assertEquals(List.of("2=2", "3=3", "4=4", "5=5"), run(new float[4], 1, never, never, never, never));
    }

    /// Blocks of 3: the first holds a token of the prompt. A decided position shows how sure the model is of what it would write there.
    @Test
    void thePolicySeesTheSpan() {
        List<String> seen = new ArrayList<>();
        Learned.Policy policy = (confidence, masked) -> {
            int[] thousandths = IntStream.range(0, 3).map(i -> Math.round(confidence[i] * 1000)).toArray();
            seen.add(Arrays.toString(thousandths) + " " + Arrays.toString(masked));
            return new float[] {1, 0, 0.5f};
        };
        DecodeSettings settings = Scripted.bidirectional(3).withBlockLength(3).withAnchor(Anchor.START).withSuppressMask(false)
                .withUnmasking(new Learned(policy, 0));
        Scripted.Run run = Scripted.run(PROMPT, settings, (call, _, position) -> new Answer(5, 0.25 * (position - 1) - 0.125 * call));

        assertEquals(List.of("2=5", "3=5", "5=5", "4=5"), run.changes());
        assertEquals(
                List.of(
                        "[1000, 1000, 250] [false, false, true]", "[375, 625, 875] [true, true, true]",
                        "[250, 500, 750] [false, true, true]", "[125, 375, 625] [false, true, false]"),
                seen);
    }

    @Test
    void answersThatAreNoneAreRefused() {
        for (float[] wrong : new float[][] {{0, 0, 0}, {0, 0, 0, 1.1f}, {0, -0.1f, 0, 0}, {0, 0, Float.NaN, 0}}) {
            var e = assertThrows(IllegalArgumentException.class, () -> run(wrong, 0));
            assertTrue(e.getMessage().startsWith("an unmasking policy answered with "), e.getMessage());
        }
        for (float temperature : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new Learned((_, masked) -> new float[masked.length], temperature));
        }
    }

    @Test
    void withoutTemperatureNothingIsDrawn() {
        assertTrue(new Learned((confidence, _) -> confidence, 1).draws());
        assertFalse(new Learned((confidence, _) -> confidence, 0).draws());
    }
}
