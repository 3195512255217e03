package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenoisingTest {
    private static final int[] PROMPT = {1, 2};
    private static final int MASK = Scripted.MASK;

    /// Tokens and confidences of positions 2 to 5 in four calls.
    private static final int[][] TOKENS = {{5, 6, 7, 8}, {9, 6, 7, 8}, {9, 10, 7, 8}, {9, 11, 7, 8}};
    private static final double[][] CONFIDENCE = {{.9, .8, .7, .6}, {.5, .8, .7, .6}, {.5, .95, .7, .6}, {.5, .4, .7, .6}};

    private static List<String> run(String rule, int genLength, int steps, ScriptedNetwork.Script script) {
        return Scripted.run(
                        PROMPT, Scripted.bidirectional(genLength).withSteps(steps).withUnmasking(UnmaskingRules.parse(rule)), script)
                .changes();
    }

    private static Answer changing(int call, int[] tokens, int position) {
        return new Answer(TOKENS[call][position - 2], CONFIDENCE[call][position - 2]);
    }

    /// Of 4 positions 3, 2, 1 and 0 are masks after the calls. The second is unsure of what the first committed; the third is sure of
    /// another token at position 3, and the last proposes yet another there.
    @Test
    void theReparameterizedSamplerMasksAndRevises() {
        assertEquals(
                List.of("2=5", "2=" + MASK + " 3=6 4=7", "3=10 5=8", "2=9 3=11"), run("rdm", 4, 4, RenoisingTest::changing));
    }

    @Test
    void pathPlanningMasksButLeavesTokensThatStay() {
        assertEquals(
                List.of("2=5", "2=" + MASK + " 3=6 4=7", "5=8", "2=9"), run("path-planning", 4, 4, RenoisingTest::changing));
    }

    /// Of 8 positions 6, 4, 2, 0 are masks after the calls; along a cosine trunc(7.39), trunc(5.66), trunc(3.06), 0.
    @Test
    void theCurveSaysHowManyAreMasks() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5, 1 - 0.05 * position);
        for (String rule : new String[] {"rdm", "path-planning"}) {
            assertEquals(List.of("2=5 3=5", "4=5 5=5", "6=5 7=5", "8=5 9=5"), run(rule, 8, 4, script));
            assertEquals(List.of("2=5", "3=5 4=5", "5=5 6=5", "7=5 8=5 9=5"), run(rule + ":cosine", 8, 4, script));
        }
    }

    /// Of 2 positions 1, 1, 0 and 0 are masks after the calls.
    @Test
    void onlyTheReparameterizedSamplerGoesOnWithoutMasks() {
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(5 + call, 1 - 0.1 * position);

        assertEquals(List.of("2=5", "2=6", "2=7 3=7", "2=8 3=8"), run("rdm", 2, 4, script));
        assertEquals(List.of("2=5", "", "3=7"), run("path-planning", 2, 4, script));
    }

    /// Given text is neither ranked nor written.
    @Test
    void givenTextStays() {
        var settings = Scripted.bidirectional(4).withSteps(3).withUnmasking(UnmaskingRules.parse("rdm"));
        var run = Scripted.run(
                PROMPT, Template.hole(1).andText(4).andHole(2), settings, Scripted.SPEC,
                (call, tokens, position) -> new Answer(5, 1 - 0.1 * position));

        assertEquals(List.of("2=5", "4=5", "5=5"), run.changes());
    }

    @Test
    void isReadAsItIsWritten() {
        for (String text : List.of("rdm", "rdm:cosine", "path-planning", "path-planning:cosine")) {
            assertEquals(text, UnmaskingRules.parse(text).toString());
        }
        assertEquals("rdm", UnmaskingRules.parse("rdm:linear").toString());
        assertThrows(IllegalArgumentException.class, () -> UnmaskingRules.parse("rdm:sine"));
    }
}
