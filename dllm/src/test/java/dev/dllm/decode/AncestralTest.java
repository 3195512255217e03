package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.ScriptedNetwork.Answer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AncestralTest {
    private static final int[] PROMPT = {1, 2};
    private static final ScriptedNetwork.Script SCRIPT = (_, _, position) -> new Answer(position, 0.6);

    /// α(s) = α(t) · (1 − σ) + (1 − α(t)) · (probability that a mask is decided), whatever σ (ReMDM, theorem 3.1).
    @ParameterizedTest
    @ValueSource(strings = {"ancestral", "ancestral:cap,0.3", "ancestral:rescale,0.5", "ancestral:loop,0.1"})
    void theShareThatIsDecidedFollowsTheMoment(String name) {
        Ancestral rule = (Ancestral) UnmaskingRules.parse(name);
        int steps = 40;
        for (int i = 0; i < steps; i++) {
            double now = 1 - (double) i / steps;
            double next = 1 - (i + 1.0) / steps;
            double sigma = rule.sigma(now, next);
            double decided = rule.decided(now, next);
            assertTrue(decided >= 0 && decided <= 1 + 1e-12 && sigma >= 0 && sigma <= 1, name + " " + now);
            assertEquals(rule.share(next), rule.share(now) * (1 - sigma) + (1 - rule.share(now)) * decided, 1e-12, name + " " + now);
        }
        assertEquals(0, rule.share(1));
        assertEquals(1, rule.share(0), 1e-12);
    }

    /// Uniform numbers by hand. 4 steps on 4 masks: a mask is decided with 1/4, 1/3, 1/2, and then in any case; with `cap` of 0.5 a
    /// token becomes a mask with min(0.5, (1 − α(s)) / α(t)): in the second step 0.5 of at most (1 − 0.5) / 0.25, in the third
    /// min(0.5, 0.25 / 0.5). The probabilities of deciding are then (0.5 − 0.5 · 0.25) / 0.75 = 0.5 and (0.75 − 0.5 · 0.5) / 0.5 = 1.
    @Test
    void drawsDecideWhatIsMaskedAndWhatIsDecided() {
        double[][] draws = {{0.24, 0.26, 0.2, 0.9}, {0.6, 0.49, 0.4, 0.51}, {0.3, 0.6, 0.99, 0.7}};

        assertEquals(
                List.of("2=2 4=4", "3=3", "5=5", ""),
                run("ancestral", new double[][] {{0.24, 0.26, 0.2, 0.9}, {0, 0.3, 0, 0.34}, {0, 0, 0, 0.49}, {0, 0, 0, 0}}, 4));
        assertEquals(List.of("2=2 4=4", "3=3 4=19", "2=19 4=4 5=5", "2=2"), run("ancestral:cap,0.5", draws, 4));
    }

    /// A run without masks goes on where tokens may still become masks; without remasking it ends.
    @ParameterizedTest
    @EnumSource(Ancestral.Remasking.class)
    void everyMaskIsDecidedInTheEnd(Ancestral.Remasking remasking) {
        boolean masked = false;
        for (int seed = 0; seed < 20; seed++) {
            DecodeSettings settings = Scripted.bidirectional(8).withSteps(30).withSeed(seed)
                    .withUnmasking(new Ancestral(remasking, 0.5f));
            Scripted.Run run = Scripted.run(PROMPT, settings, SCRIPT);
            for (int i = 0; i < 8; i++) {
                assertEquals(2 + i, run.output()[i]);
            }
            assertTrue(run.decoding().calls() <= 30);
            masked |= run.changes().stream().anyMatch(change -> change.contains("=" + Scripted.MASK));
        }
        assertEquals(remasking != Ancestral.Remasking.NONE, masked);
    }

    private static List<String> run(String rule, double[][] draws, int tokens) {
        Randomness byHand = new Randomness() {
            @Override
            public long key(int call, int position) {
                return 0;
            }

            @Override
            public double uniform(int call, int position) {
                return draws[call][position - PROMPT.length];
            }
        };
        DecodeSettings settings = Scripted.bidirectional(tokens)
                .withUnmasking(UnmaskingRules.parse(rule))
                .withSteps(4)
                .withRandomness(byHand);
        List<String> changes = new ArrayList<>(Scripted.run(PROMPT, settings, SCRIPT).changes());
        while (changes.size() < 4) {
            changes.add("");
        }
        return changes;
    }
}
