package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.decode.ExitLimit.Curve;
import dev.dllm.decode.MarginExit.Region;
import dev.dllm.decode.MarginExit.Stability;
import dev.dllm.decode.MarginExit.Statistic;
import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Prophet and SchED. A probability of 0.5 is a margin of ln 18 = 2.89 logits to each of the 18 other tokens, 0.9 one of 5.09.
class MarginExitTest {
    private static final int[] PROMPT = {1, 2};

    private static DecodeSettings prophet(Region region, float early, float mid, float late) {
        return Scripted.bidirectional(6).withExit(MarginExit.prophet(region, new ExitLimit.Stages(early, mid, late)));
    }

    private static Answer leftToRight(int call, int[] tokens, int position) {
        return new Answer(position, 0.5 - 0.01 * position);
    }

    @Test
    void commitsAllThatIsLeftOnceTheMarginIsWide() {
        // Of 6 calls, number 1 is early (1/6 < 0.33), 2 is mid; their limits are above and below 2.89.
        var run = Scripted.run(PROMPT, prophet(Region.GENERATED, 9, 2, 2), MarginExitTest::leftToRight);

        assertEquals(List.of("2=2", "3=3 4=4 5=5 6=6 7=7"), run.changes());
        assertEquals(FinishReason.LENGTH, run.decoding().finishReason());
    }

    @Test
    void theRegionCountsWhetherMaskedOrNot() {
        // Positions 2 and 3 are sure from the start, 4 and 5 never: committed ones go on counting.
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(7, position < 4 ? 0.9 : 0.3);

        assertEquals(1, Scripted.run(PROMPT, prophet(new Region(0, 2), 4, 4, 4), script).decoding().calls());
        assertEquals(6, Scripted.run(PROMPT, prophet(new Region(2, 4), 4, 4, 4), script).decoding().calls());
        assertEquals("[0..8) for [2, 3, 4, 5, 6, 7]",
                Scripted.run(PROMPT, prophet(new Region(0, 1), 9, 9, 9), script).calls().get(1));
    }

    @Test
    void limitsThatAreNeverReachedChangeNothing() {
        var plain = Scripted.run(PROMPT, Scripted.bidirectional(6), MarginExitTest::leftToRight);
        var prophet = Scripted.run(PROMPT, prophet(Region.GENERATED, 99, 99, 99), MarginExitTest::leftToRight);
        var sched = Scripted.run(
                PROMPT, Scripted.bidirectional(6).withExit(ExitRules.parse("sched:linear,99,98")), MarginExitTest::leftToRight);

        assertEquals(plain.changes(), prophet.changes());
        assertEquals(plain.changes(), sched.changes());
    }

    @Test
    void schedWaitsUntilTheProposalsStay() {
        // The proposals of call 1 differ from those of call 0; from then on nothing changes.
        ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(call == 0 ? 5 : 6, 0.5);
        var settings = Scripted.bidirectional(6);

        assertEquals(3, Scripted.run(PROMPT, settings.withExit(ExitRules.parse("sched:linear,1,1")), script).decoding().calls());
        var patient = MarginExit.sched(Region.GENERATED, new Curve(Curve.Shape.LINEAR, 1, 1, 0));
        patient = new MarginExit(
                patient.region(), patient.statistic(), true, patient.limit(), Optional.of(new Stability(0, 0, 1)));
        assertEquals(4, Scripted.run(PROMPT, settings.withExit(patient), script).decoding().calls());
        var late = new MarginExit(
                patient.region(), patient.statistic(), true, patient.limit(), Optional.of(new Stability(0.6f, 0, 0)));
        assertEquals(5, Scripted.run(PROMPT, settings.withExit(late), script).decoding().calls());
    }

    @Test
    void schedEndsWhenItsRegionIsFull() {
        // Left to right: after two calls positions 2 and 3 are there, and the third call writes the rest.
        var exit = MarginExit.sched(new Region(0, 2), new Curve(Curve.Shape.LINEAR, 99, 99, 0));
        var run = Scripted.run(PROMPT, Scripted.bidirectional(6).withExit(exit), MarginExitTest::leftToRight);

        assertEquals(List.of("2=2", "3=3", "4=4 5=5 6=6 7=7"), run.changes());
    }

    @Test
    void limitsFallAsTheyAreDrawn() {
        assertEquals(4, new Curve(Curve.Shape.LINEAR, 7, 1, 0).at(3, 7), 1e-12);
        assertEquals(4, new Curve(Curve.Shape.COSINE, 7, 1, 0).at(3, 7), 1e-12);
        assertEquals(1 + 6 * Math.exp(-2), new Curve(Curve.Shape.EXP, 7, 1, 4).at(3, 7), 1e-12);
        assertEquals(7, new Curve(Curve.Shape.LINEAR, 7, 1, 0).at(0, 1), 1e-12);
        // 16 of 24 calls are less than 0.67 of them.
        assertEquals(5, new ExitLimit.Stages().at(15, 24), 1e-12);
        assertEquals(2.5, new ExitLimit.Stages().at(16, 24), 1e-12);
    }

    @Test
    void statisticsOfFourMargins() {
        double[] margins = {1, 2, 4, 9};

        assertEquals(4, new Statistic.Mean().of(margins));
        assertEquals(2, new Statistic.Median().of(margins));
        assertEquals(1.6, new Statistic.Quantile(0.2).of(margins), 1e-12);
        assertEquals(9, new Statistic.Quantile(1).of(margins));
    }

    @Test
    void rulesAreReadAsTheyAreWritten() {
        for (String text : List.of("prophet:7.0,5.0,2.0", "prophet:7.0,5.0,2.0,4,9", "sched:exp,3.0,0.5,8.0")) {
            assertEquals(text, ExitRules.parse(text).toString());
        }
        assertThrows(IllegalArgumentException.class, () -> ExitRules.parse("sched:round"));
        assertThrows(IllegalArgumentException.class, () -> ExitRules.parse("prophet:1,2,3,9,4"));
    }

    @Test
    void limitsThatNeverHoldAreRefused() {
        for (String rule : List.of("prophet:NaN,1,1", "prophet:1,2,NaN", "sched:exp,2,1,NaN", "sched:linear,1,2")) {
            assertThrows(IllegalArgumentException.class, () -> ExitRules.parse(rule), rule);
        }
    }
}
