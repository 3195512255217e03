package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.CausalModel;
import dev.dllm.runtime.Noise;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Behind a prompt of 2 tokens the first model finds 5 at position 2 and 6 at position 3 to have one half each, and every other token one
/// 36th. The second model gives 7 at position 2 a share of 0.62, others 0.02; behind 5 it gives 6 a share of 0.81, behind others 9, and
/// what is left 0.01 each.
class EdlmTest {
    private static final int[] PROMPT = {1, 2};
    private static final ScriptedNetwork.Script DRAWN_FROM = (_, _, position) -> GuidedTest.share(position + 3, 0.5);
    private static final DecodeSettings SETTINGS =
            Scripted.bidirectional(2).withSteps(2).withSampling(Sampling.greedy().withTemperature(1));

    private static Answer judged(int[] tokens, int position) {
        return position == 1 ? new Answer(7, 0.62) : new Answer(tokens[2] == 5 ? 6 : 9, 0.81);
    }

    /// What every call changes.
    ///
    /// @param read receives what the verifier was asked to read
    private static List<String> run(Edlm rule, DecodeSettings settings, List<String> read) {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            var network = new ScriptedNetwork(Scripted.VOCABULARY, (_, tokens, position) -> judged(tokens, position));
            Unmasking judged = rule.withVerifier(new CausalModel(network, Scripted.SPEC.transformer(), backend));
            Scripted.Run run = Scripted.run(PROMPT, settings.withUnmasking(judged), DRAWN_FROM);
            run.decoding().close();
            read.addAll(network.calls);
            return run.changes();
        }
    }

    private static List<String> run(Edlm rule, DecodeSettings settings) {
        return run(rule, settings, new ArrayList<>());
    }

    /// Draws of two candidates.
    ///
    /// @param sample   which; 0 for the call's own
    /// @param tokens   of each candidate, by position
    /// @param choice   the uniform number that chooses
    /// @param uniforms that decide masks, by call and position
    private record Given(int sample, int[][] tokens, float temperature, double choice, double[]... uniforms) implements Randomness {
        @Override
        public long key(int call, int position) {
            int token = tokens[sample][position - 2];
            long key = 0;
            while (drawn(key, position) != token) {
                key++;
            }
            return key;
        }

        private int drawn(long key, int position) {
            int best = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int token = 0; token < Scripted.MASK; token++) {
                double value = Math.log(token == position + 3 ? 18 : 1) / temperature + Noise.gumbel(key, token);
                best = value > most ? token : best;
                most = Math.max(value, most);
            }
            return best;
        }

        @Override
        public double uniform(int call, int position) {
            return sample == 0 ? uniforms[call][position - 2] : choice;
        }

        @Override
        public Randomness again(int another) {
            return new Given(another, tokens, temperature, choice, uniforms);
        }
    }

    private static DecodeSettings drawing(int[] first, int[] second, float temperature, double choice, double[]... uniforms) {
        return SETTINGS.withSampling(Sampling.llada().withTemperature(temperature))
                .withRandomness(new Given(0, new int[][] {first, second}, temperature, choice, uniforms));
    }

    /// Both masks are decided by the first call, whose 1/2 no uniform number exceeds. (5, 6) weighs 0.02 · 0.81 / (1/2 · 1/2) = 0.0648,
    /// (7, 6) weighs 0.62 · 0.01 / (1/36 · 1/2) = 0.4464: the first has 0.1268 of both.
    @Test
    void theVerifierWeighsWhatIsDrawn() {
        int[] likely = {5, 6};
        int[] judged = {7, 6};
        double[] both = {0.4, 0.4};
        assertEquals(List.of("2=5 3=6"), run(new Edlm(2, 0), drawing(likely, judged, 1, 0.126, both)));
        assertEquals(List.of("2=7 3=6"), run(new Edlm(2, 0), drawing(likely, judged, 1, 0.128, both)));
        assertEquals(List.of("2=7 3=6"), run(new Edlm(2, 0), drawing(judged, likely, 1, 0.872, both)));
        assertEquals(List.of("2=5 3=6"), run(new Edlm(2, 0), drawing(judged, likely, 1, 0.874, both)));
    }

    /// √18 against 18 others makes 0.19074, and 0.04496 of each of them, whatever confidence is taken from. (5, 6) weighs
    /// 0.0162 / 0.19074² = 0.4453, (7, 6) weighs 0.0062 / (0.04496 · 0.19074) = 0.7230: 0.3812 for the first.
    @Test
    void atATemperatureWhatIsDrawnWeighsOtherwise() {
        int[] likely = {5, 6};
        int[] judged = {7, 6};
        double[] both = {0.4, 0.4};
        assertEquals(List.of("2=5 3=6"), run(new Edlm(2, 0), drawing(likely, judged, 2, 0.38, both)));
        assertEquals(List.of("2=7 3=6"), run(new Edlm(2, 0), drawing(likely, judged, 2, 0.382, both)));
    }

    /// Blocks of one position: nothing is known of position 3 at first, so that 5 weighs 0.02 / (1/2) and 7 weighs 0.62 · 36, which leaves
    /// 0.00179 for 5. Behind 5, 6 weighs 0.81 · 2 and 9 weighs 0.01 · 36; behind 7, 0.01 · 2 and 0.81 · 36.
    @Test
    void aTextIsJudgedUpToTheFirstMaskThatIsNotDrawn() {
        double[] both = {0.4, 0.4};
        for (double choice : new double[] {0.0017, 0.0019}) {
            List<String> read = new ArrayList<>();
            var settings = drawing(new int[] {5, 6}, new int[] {7, 9}, 1, choice, both, both).withBlockLength(1);
            assertEquals(choice < 0.00179 ? List.of("2=5", "3=6") : List.of("2=7", "3=9"), run(new Edlm(2, 0), settings, read));
            assertEquals(
                    List.of(
                            "[0..1) for []", "[1..2) for [1]", "[1..2) for [1]", "[1..2) for []", "[2..3) for [2]", "[2..3) for [2]"),
                    read);
        }
    }

    /// Of 4 steps the first decides with 1/4 and the second with 1/3. Position 3 comes first; then 5 weighs 0.02 · 0.81 · 2, since it
    /// makes the 6 behind it likely, and 7 weighs 0.62 · 0.01 · 36: 0.1268 for 5 as before. The last of 4 steps takes the most probable token.
    @Test
    void whatStandsBehindAMaskIsJudgedToo() {
        double[][] uniforms = {{0.3, 0.2}, {0.3, 0}};
        for (double choice : new double[] {0.126, 0.128}) {
            var settings = drawing(new int[] {5, 6}, new int[] {7, 6}, 1, choice, uniforms).withSteps(4);
            assertEquals(List.of("3=6", choice < 0.127 ? "2=5" : "2=7"), run(new Edlm(2, 1), settings));
        }
    }

    /// Nothing is decided before the last of 5 calls. Their times are 1, 4/5, 3/5, 2/5 and 1/5; the last one draws nothing to choose from.
    @Test
    void callsInTheWindowChoose() {
        double[] none = {0.99, 0.99};
        for (int[] windowAndCalls : new int[][] {{0, 1}, {19, 1}, {20, 2}, {59, 3}, {60, 4}, {100, 4}}) {
            List<String> read = new ArrayList<>();
            var settings = drawing(new int[] {7, 6}, new int[] {7, 6}, 1, 0, none, none, none, none).withSteps(5);
            assertEquals(List.of("", "", "", "", "2=5 3=6"), run(new Edlm(2, windowAndCalls[0] / 100f), settings, read));
            assertEquals(1 + 2 * windowAndCalls[1], read.size());
        }
    }

    /// One mask, decided by half of the first calls. Its token is 5 with 1/2, 7 with 1/36, else one of the rest; n5, n7 and n of 4
    /// candidates weigh 0.04, 22.32 and 0.72 each. Without weights 7 would be written in 1 of 36 runs.
    @Test
    void tokensAreAsFrequentAsTheirWeightsMakeThem() {
        double expected = 0;
        for (int n5 = 0; n5 <= 4; n5++) {
            for (int n7 = 0; n5 + n7 <= 4; n7++) {
                int n = 4 - n5 - n7;
                double probability = 24 / (factorial(n5) * factorial(n7) * factorial(n))
                        * Math.pow(1 / 2., n5) * Math.pow(1 / 36., n7) * Math.pow(17 / 36., n);
                expected += probability * n7 * 22.32 / (n5 * 0.04 + n7 * 22.32 + n * 0.72);
            }
        }
        int decided = 0;
        int sevens = 0;
        for (int seed = 0; seed < 1000; seed++) {
            String first = run(new Edlm(4, 0), SETTINGS.withGenLength(1).withSeed(seed)).getFirst();
            decided += first.isEmpty() ? 0 : 1;
            sevens += first.equals("2=7") ? 1 : 0;
        }
        assertEquals(0.5, decided / 1000., 0.05);
        assertEquals(expected, (double) sevens / decided, 0.04);
    }

    private static double factorial(int n) {
        return n < 2 ? 1 : n * factorial(n - 1);
    }

    @Test
    void candidatesThatCannotDifferAreRefused() {
        DecodeSettings greedy = Scripted.bidirectional(2);
        for (DecodeSettings settings : List.of(greedy, SETTINGS.withSampling(SETTINGS.sampling().withArgMax(true)))) {
            var e = assertThrows(IllegalArgumentException.class, () -> run(new Edlm(2, 1), settings));
            assertTrue(e.getMessage().contains("needs a temperature above 0"), e.getMessage());
        }
        // One candidate needs neither a temperature nor a verifier.
        assertEquals(
                Scripted.run(PROMPT, greedy.withUnmasking(UnmaskingRules.parse("ancestral")), DRAWN_FROM).changes(),
                Scripted.run(PROMPT, greedy.withUnmasking(UnmaskingRules.parse("edlm:1")), DRAWN_FROM).changes());
    }

    @Test
    void isReadAsItIsWritten() {
        assertEquals(new Edlm(3, 0.25f), UnmaskingRules.parse(new Edlm(3, 0.25f).toString()));
        for (String text : List.of("edlm:0", "edlm:2,1.1", "edlm:2,-0.1", "edlm:2,1,1")) {
            assertThrows(IllegalArgumentException.class, () -> UnmaskingRules.parse(text), text);
        }
    }
}
