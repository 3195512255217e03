package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.CausalModel;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The first model drafts 3, 4, 5 and 6 behind a prompt of 2 tokens; another scripted one judges.
class GuidedTest {
    private static final int[] PROMPT = {1, 2};
    private static final double HALF = 0.5;

    /// A token's share of all but the mask, each of the 18 others having the same.
    static Answer share(int token, double share) {
        double odds = 18 * share / (1 - share);
        return new Answer(token, odds / (19 + odds));
    }

    /// What every call writes.
    ///
    /// @param verifier what it says of the position, having read what stands before
    /// @param uniforms by position
    private static List<String> run(Acceptance acceptance, DecodeSettings settings, IntFunction<Answer> verifier, double... uniforms) {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            var network = new ScriptedNetwork(Scripted.VOCABULARY, (call, tokens, position) -> verifier.apply(position + 1));
            Unmasking rule = new Guided(acceptance).withVerifier(new CausalModel(network, Scripted.SPEC.transformer(), backend));
            Scripted.Run run = Scripted.run(
                    PROMPT, settings.withUnmasking(rule).withRandomness(new Given(uniforms)),
                    (call, tokens, position) -> share(position + 1, HALF));
            run.decoding().close();
            return run.changes();
        }
    }

    private static List<String> run(Acceptance acceptance, IntFunction<Answer> verifier, double... uniforms) {
        return run(acceptance, Scripted.bidirectional(4), verifier, uniforms);
    }

    /// Numbers that are given for each position; drafts that are as scripted at any temperature.
    private record Given(double[] uniforms) implements Randomness {
        @Override
        public long key(int call, int position) {
            return 0;
        }

        @Override
        public double uniform(int call, int position) {
            return uniforms[position - PROMPT.length];
        }

        @Override
        public OptionalInt token(int call, int position) {
            return OptionalInt.of(position + 1);
        }
    }

    /// Agrees with the draft at positions 2, 4 and 5, where it gives each other token 0.01; wants 9 instead of 4.
    private static Answer agreesExceptAtThree(int position) {
        return share(position == 3 ? 9 : position + 1, 0.82);
    }

    @Test
    void topKTakesWhatIsProbableEnough() {
        // 4 is one of 18 second ones, behind 0 to 3 by their ids: the sixth most probable.
        assertEquals(List.of("2=3 3=9", "4=5 5=6"), run(new Acceptance.TopK(5, 0), GuidedTest::agreesExceptAtThree));
        assertEquals(List.of("2=3 3=4 4=5 5=6"), run(new Acceptance.TopK(6, 0), GuidedTest::agreesExceptAtThree));
        // It has 0.01 / 0.82 = 0.0122 of the largest probability.
        assertEquals(List.of("2=3 3=9", "4=5 5=6"), run(new Acceptance.TopK(6, 0.0123f), GuidedTest::agreesExceptAtThree));
        assertEquals(List.of("2=3 3=4 4=5 5=6"), run(new Acceptance.TopK(6, 0.0121f), GuidedTest::agreesExceptAtThree));
    }

    @Test
    void aThresholdTakesWhatIsProbable() {
        assertEquals(List.of("2=3 3=9", "4=5 5=6"), run(new Acceptance.Threshold(0.1f), GuidedTest::agreesExceptAtThree));
        assertEquals(List.of("2=3 3=4 4=5 5=6"), run(new Acceptance.Threshold(0.0099f), GuidedTest::agreesExceptAtThree));
        // A draft that is refused may still be the verifier's first choice; what follows it is drafted anew.
        assertEquals(List.of("2=3", "3=9", "4=5", "5=6"), run(new Acceptance.Threshold(0.83f), GuidedTest::agreesExceptAtThree));
    }

    @Test
    void theVerifiersDrawIsWritten() {
        // In the order of ids: at 2, tokens 0 to 2 take up to 0.03 and 3 up to 0.85. At 3, 0.035 is token 3. At 4, tokens below 5 take
        // 0.05, 5 up to 0.87, 6 to 8 up to 0.9, so that 0.905 is token 9.
        assertEquals(
                List.of("2=3 3=3", "4=9", "5=6"), run(new Acceptance.Sampled(), GuidedTest::agreesExceptAtThree, 0.5, 0.035, 0.905, 0.5));
    }

    @Test
    void aDraftThatIsCertainStandsAsOftenAsTheVerifierWantsIt() {
        // 2: 0.81 is below p = 0.82. 3: p = 0.01, and of what is above, 0.505 is the middle: tokens 0 to 3 and 5 to 8 take 0.08 of
        // 0.99, 9 up to 0.9. 4: above 0.82, 0.915 is 0.095 of 0.18, the tenth of the tokens that are not 5.
        assertEquals(
                List.of("2=3 3=9", "4=10", "5=6"),
                run(new Acceptance.Rejection(0), GuidedTest::agreesExceptAtThree, 0.81, 0.505, 0.915, 0.5));
    }

    @Test
    void aDraftThatWasDrawnStandsByTheRatioOfBothModels() {
        DecodeSettings drawn = Scripted.bidirectional(4).withSampling(Sampling.greedy().withTemperature(1));
        // Of q = 0.5 and p = 0.4 the ratio is 0.8; p − q is positive for each other token, by the same.
        IntFunction<Answer> lessSure = position -> share(position + 1, 0.4);
        assertEquals(List.of("2=3 3=0", "4=10", "5=6"), run(new Acceptance.Rejection(1), drawn, lessSure, 0.79, 0.81, 0.905, 0.5));
        // Where p is greater, the draft stands.
        assertEquals(
                List.of("2=3 3=4 4=5 5=6"),
                run(new Acceptance.Rejection(1), drawn, position -> share(position + 1, 0.6), 0.999, 0.999, 0.999, 0.999));
    }

    @Test
    void aTemperatureChangesTheDraftersProbability() {
        DecodeSettings drawn = Scripted.bidirectional(4).withSampling(Sampling.greedy().withTemperature(2));
        // At 0.5 a draft is 18 times as probable as another token; the square root of that against 18 others makes q = 0.19074, and
        // p = 0.1 stands in 0.5243 of all cases.
        IntFunction<Answer> lessSure = position -> share(position + 1, 0.1);
        assertEquals("2=3 3=0", run(new Acceptance.Rejection(2), drawn, lessSure, 0.524, 0.525, 0.5, 0.5).getFirst());
    }

    @Test
    void rejectionLeavesTheVerifiersDistribution() {
        float[] drafter = {0, 1, 2, Float.NEGATIVE_INFINITY, 0.5f};
        float[] verifier = {1, 1, Float.NEGATIVE_INFINITY, 2, 0, 1.5f};
        int shares = 2000;
        double[] written = new double[verifier.length];
        for (int draft = 0; draft < drafter.length; draft++) {
            for (int share = 0; share < shares; share++) {
                double uniform = (share + 0.5) / shares;
                int token = new Acceptance.Rejection(1)
                        .judge(new Acceptance.Draft(draft, () -> drafter, () -> uniform), verifier).token();
                written[token] += probability(drafter, draft) / shares;
            }
        }
        for (int token = 0; token < verifier.length; token++) {
            assertEquals(probability(verifier, token), written[token], 2e-3, "token " + token);
        }
    }

    private static double probability(float[] logits, int token) {
        double total = IntStream.range(0, logits.length).mapToDouble(id -> Math.exp(logits[id])).sum();
        return Math.exp(logits[token]) / total;
    }

    @Test
    void theMaskIsNotWritten() {
        assertEquals(
                List.of("2=0", "3=0", "4=0", "5=0"), run(new Acceptance.TopK(1, 0), position -> new Answer(Scripted.MASK, 0.9)));
    }

    @Test
    void rejectionKnowsHowDraftsAreDrawn() {
        DecodeSettings greedy = Scripted.bidirectional(4);
        DecodeSettings drawn = greedy.withSampling(Sampling.greedy().withTemperature(0.5f));
        refused("needs 'rejection,0.5'", new Acceptance.Rejection(0), drawn);
        refused("needs 'rejection,0.0'", new Acceptance.Rejection(0.5f), greedy);
        refused("from the top p", new Acceptance.Rejection(0.5f), drawn.withSampling(drawn.sampling().withTopP(0.9f)));
        refused("from the top k", new Acceptance.Rejection(0.5f), drawn.withSampling(drawn.sampling().withTopK(3)));
        new Guided(new Acceptance.Rejection(0.5f)).requireFits(drawn, false);
    }

    private static void refused(String reason, Acceptance acceptance, DecodeSettings settings) {
        var e = assertThrows(IllegalArgumentException.class, () -> new Guided(acceptance).requireFits(settings, false));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    @Test
    void isReadAsItIsWritten() {
        assertEquals("guided:1,0.0", UnmaskingRules.parse("guided").toString());
        for (String text : Arrays.asList(
                "guided:5,0.5", "guided:5,0.5,16", "guided:threshold,0.1", "guided:threshold,0.2,16", "guided:sampled",
                "guided:sampled,16", "guided:rejection,0.7", "guided:rejection,0.7,16")) {
            assertEquals(text, UnmaskingRules.parse(text).toString());
        }
        assertEquals("guided:threshold,0.1", UnmaskingRules.parse("guided:threshold").toString());
        assertEquals("guided:rejection,0.0", UnmaskingRules.parse("guided:rejection").toString());
        for (String text : List.of(
                "guided:0", "guided:1,2", "guided:1,0,0", "guided:often", "guided:threshold,-1", "guided:sampled,1,2", "guided:rejection,-1")) {
            assertThrows(IllegalArgumentException.class, () -> UnmaskingRules.parse(text), text);
        }
    }
}
