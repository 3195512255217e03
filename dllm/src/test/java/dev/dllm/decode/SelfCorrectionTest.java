package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/// GIDD's corrections of a full span.
class SelfCorrectionTest {
    private static final int[] PROMPT = {1, 2};

    /// What every call changes.
    ///
    /// @param proposed by call, for the positions behind the prompt; each is surer than the one to its right
    private static List<String> run(String rule, int steps, int[]... proposed) {
        DecodeSettings settings = Scripted.bidirectional(proposed[0].length).withSteps(steps).withUnmasking(UnmaskingRules.parse(rule));
        return Scripted.run(PROMPT, settings, (call, _, position) -> new Answer(proposed[call][position - 2], 1.1 - 0.1 * position))
                .changes();
    }

    /// Two calls of two. Then the surest of what is proposed otherwise, until nothing is.
    @Test
    void theSurestChangeIsMadeFirst() {
        int[] filled = {5, 6, 7, 8};
        int[] wanted = {5, 9, 10, 8};
        assertEquals(
                List.of("2=5 3=6", "4=7 5=8", "3=9", "4=10", ""), run("self-correct", 2, filled, filled, wanted, wanted, wanted));
        assertEquals(
                List.of("2=5 3=6", "4=7 5=8", "3=9 4=10", ""), run("self-correct:2,9,9", 2, filled, filled, wanted, wanted));
        assertEquals(List.of("2=5 3=6", "4=7 5=8", "3=9"), run("self-correct:1,1,9", 2, filled, filled, wanted));
    }

    /// Of 4 positions there agree with the proposals: 1, 1, 2, 2 and 2 behind the corrections.
    @Test
    void patienceEndsWhatDoesNotImprove() {
        int[][] proposed = {
            {5, 5, 5, 5}, {9, 10, 11, 12}, {13, 10, 11, 12}, {13, 10, 11, 12}, {14, 15, 11, 5}, {16, 15, 11, 5}, {17, 15, 11, 5}
        };
        List<String> changes = List.of("2=5 3=5 4=5 5=5", "2=9", "2=13", "3=10", "2=14", "2=16", "2=17");
        assertEquals(changes.subList(0, 3), run("self-correct:1,6,0", 1, proposed));
        assertEquals(changes.subList(0, 6), run("self-correct:1,6,1", 1, proposed));
        assertEquals(changes, run("self-correct:1,6,2", 1, proposed));
    }

    /// 0.9 for what is drawn at position 3 comes before a nineteenth of 0.4 at position 2. Both then hold the most probable token; a draw
    /// that replaces one leaves half of them.
    @Test
    void drawsCountByTheirProbabilityAndTheTextByTheMostProbable() {
        int[][] drawn = {{5, 7}, {9, 6}, {9, 6}};
        Randomness byHand = new Randomness() {
            @Override
            public long key(int call, int position) {
                return 0;
            }

            @Override
            public double uniform(int call, int position) {
                throw new AssertionError("nothing is decided by chance");
            }

            @Override
            public OptionalInt token(int call, int position) {
                return OptionalInt.of(drawn[call][position - 2]);
            }
        };
        DecodeSettings settings = Scripted.bidirectional(2).withSteps(1).withSampling(Sampling.greedy().withTemperature(1))
                .withUnmasking(new SelfCorrection(1, 9, 0)).withRandomness(byHand);
        var run = Scripted.run(
                PROMPT, settings, (_, _, position) -> position == 2 ? new Answer(5, 0.6) : new Answer(6, 0.9));

        assertEquals(List.of("2=5 3=7", "3=6", "2=9"), run.changes());
    }

    /// Each block is filled, corrected to what is proposed then, and once more without an improvement.
    @Test
    void everySpanHasItsOwnPatience() {
        DecodeSettings settings = Scripted.bidirectional(2).withBlockLength(1).withUnmasking(new SelfCorrection(1, 9, 0));
        var run = Scripted.run(PROMPT, settings, (call, _, _) -> new Answer(5 + call, 0.5));

        assertEquals(List.of("2=5", "2=6", "2=7", "3=8", "3=9", "3=10"), run.changes());
        assertEquals(
                List.of("[0..4) for [2]", "[0..4) for [2]", "[0..4) for [2]", "[0..4) for [3]", "[0..4) for [3]", "[0..4) for [3]"),
                run.calls());
    }

    @Test
    void isReadAsItIsWritten() {
        assertEquals(new SelfCorrection(2, 3, 4), UnmaskingRules.parse(new SelfCorrection(2, 3, 4).toString()));
        for (String text : List.of("self-correct:0", "self-correct:1,-1", "self-correct:1,1,-1", "self-correct:1,1,1,1")) {
            assertThrows(IllegalArgumentException.class, () -> UnmaskingRules.parse(text), text);
        }
    }
}
