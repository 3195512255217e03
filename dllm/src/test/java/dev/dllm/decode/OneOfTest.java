package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cache.CachePolicies;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Noise;
import dev.dllm.runtime.ProposalSpec;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OneOfTest {
    private static final int[] PROMPT = {1, 2};
    private static final int EOS = Scripted.EOS;

    private static OneOf oneOf(int[]... choices) {
        return new OneOf(List.of(choices), EOS);
    }

    private static int[] ids(int... ids) {
        return ids;
    }

    @Test
    void theHeaviestChoiceIsWritten() {
        // Of 19 other tokens each has a 19th of what is left. 5 6 7 EOS weighs .9 · (.5 / 19) · .96 · .5, and 5 8 EOS EOS weighs
        // .9 · .5 · (.04 / 19) · .5: 24 times less.
        ScriptedNetwork.Script script = (call, tokens, position) -> switch (position) {
            case 2 -> new Answer(5, 0.9);
            case 3 -> new Answer(8, 0.5);
            case 4 -> new Answer(7, 0.96);
            default -> new Answer(EOS, 0.5);
        };
        var run = Scripted.run(PROMPT, Scripted.bidirectional(4).withHooks(oneOf(ids(5, 6, 7), ids(5, 8))), script);

        // Both agree on positions 2 and 5. Where 6 stands only one of them is left.
        assertEquals(List.of("2=5", "5=18", "3=6", "4=7"), run.changes());
        assertEquals("2=5 3=8 4=7 5=18", String.join(" ", sorted(Scripted.run(PROMPT, Scripted.bidirectional(4), script))));
    }

    private static List<String> sorted(Scripted.Run run) {
        return run.changes().stream().sorted().toList();
    }

    @Test
    void aTokenIsAsProbableAsTheChoicesThatHoldIt() {
        // Weights of 2 · 4, 1 · 3 and 1 · 3: shares of 8, 3 and 3 of 14.
        float[][] rows = adjusted(
                oneOf(ids(5, 6), ids(7, 8), ids(7, 9)), new Canvas(PROMPT, 4, Scripted.MASK), new Span(2, 4),
                logits(5, 2, 7, 1), logits(6, 4, 8, 3, 9, 3));

        assertEquals(Math.log(6. / 8), rows[0][7] - rows[0][5], 1e-6);
        assertEquals(Math.log(3. / 8), rows[1][8] - rows[1][6], 1e-6);
        assertEquals(Math.log(3. / 8), rows[1][9] - rows[1][6], 1e-6);
        assertEquals(Float.NEGATIVE_INFINITY, rows[0][6]);
        assertEquals(Float.NEGATIVE_INFINITY, rows[1][Scripted.MASK]);
    }

    @Test
    void theHeaviestChoicesTokensComeFirst() {
        // Weights of 4, 3 and 3: 7 has more of the mass, but 5 belongs to the heaviest.
        float[][] rows = adjusted(
                oneOf(ids(5, 6), ids(7, 8), ids(7, 9)), new Canvas(PROMPT, 4, Scripted.MASK), new Span(2, 4),
                logits(5, 1, 7, 1), logits(6, 4, 8, 3, 9, 3));

        assertTrue(rows[0][5] > rows[0][7]);
        assertEquals(rows[0][5], rows[0][7], 1e-6f);
        assertEquals(Math.log(6. / 4), rows[0][7], 1e-6);
    }

    @Test
    void whatIsCommittedRulesChoicesOut() {
        Canvas canvas = new Canvas(PROMPT, 4, Scripted.MASK);
        write(canvas, 2, 7);
        float[][] rows = adjusted(
                oneOf(ids(5, 6), ids(7, 8), ids(7, 9)), canvas, new Span(2, 4), logits(5, 100), logits(6, 100, 8, 1, 9, 3));

        // The row of a committed position takes no part in weighing; what stands there is certain.
        assertEquals(Float.NEGATIVE_INFINITY, rows[0][5]);
        assertEquals(Float.NEGATIVE_INFINITY, rows[1][6]);
        assertEquals(Math.log(1. / 3), rows[1][8] - rows[1][9], 1e-6);
    }

    @Test
    void whereNoChoiceAgreesAllAreOpen() {
        Canvas canvas = new Canvas(PROMPT, 4, Scripted.MASK);
        write(canvas, 2, 11);
        float[][] rows = adjusted(oneOf(ids(5, 6), ids(7, 8)), canvas, new Span(2, 4), logits(11, 100), logits(6, 1, 8, 3));

        assertEquals(Math.log(1. / 3), rows[0][5] - rows[0][7], 1e-6);
        assertEquals(Math.log(1. / 3), rows[1][6] - rows[1][8], 1e-6);
    }

    @Test
    void otherSpansDoNotWeighUnlessTheSpanHasNoMask() {
        Canvas canvas = new Canvas(PROMPT, 4, Scripted.MASK);
        OneOf choices = oneOf(ids(5, 6), ids(7, 8));

        assertEquals(Math.log(2), difference(adjusted(choices, canvas, new Span(2, 3), logits(5, 2, 7, 1), logits(6, 1, 8, 9))), 1e-6);
        write(canvas, 2, Scripted.MASK);
        assertEquals(Math.log(2. / 9), difference(adjusted(choices, canvas, new Span(0, 2), logits(5, 2, 7, 1), logits(6, 1, 8, 9))), 1e-6);
    }

    private static double difference(float[][] rows) {
        return rows[0][5] - rows[0][7];
    }

    @Test
    void rowsThatAreNotFiniteAreNotHidden() {
        float[] row = logits(5, 2);
        row[3] = Float.NaN;
        assertTrue(Float.isNaN(
                adjusted(oneOf(ids(5), ids(7)), new Canvas(PROMPT, 3, Scripted.MASK), new Span(2, 3), row)[0][3]));

        var settings = Scripted.bidirectional(2).withSampling(Sampling.greedy().withSuppressed(EOS)).withHooks(oneOf(ids(5), ids(7)));
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(PROMPT, settings, (call, tokens, position) -> new Answer(5, 0.5)));
        assertEquals("each of 2 given texts holds a token that must not be proposed", e.getMessage());
    }

    @Test
    void asSureAsItMustBe() {
        // One choice is certain, whatever the model thinks; the threshold takes all of it at once.
        var run = Scripted.run(
                PROMPT, Scripted.bidirectional(4).withUnmasking(new Threshold(0.999f)).withHooks(oneOf(ids(3, 4, 3))),
                (call, tokens, position) -> new Answer(9, 0.99));

        assertEquals(List.of("2=3 3=4 4=3 5=18"), run.changes());
    }

    @Test
    void everyTokenAsAChoiceIsNoChoice() {
        List<int[]> all = new ArrayList<>(IntStream.range(0, EOS).mapToObj(OneOfTest::ids).toList());
        all.add(ids());
        for (int wanted = 0; wanted < Scripted.MASK; wanted++) {
            int token = wanted;
            ScriptedNetwork.Script script = (call, tokens, position) -> new Answer(token, 0.2);
            var settings = Scripted.bidirectional(1);
            assertEquals(
                    Scripted.run(PROMPT, settings, script).changes(),
                    Scripted.run(PROMPT, settings.withHooks(new OneOf(all, EOS)), script).changes());
        }
    }

    /// Open are 2, 4 and 5. Of 19 other tokens each has a 19th of what is left: 5 6 7 weighs .8 · .6 · (.5 / 19), and 8 6 EOS weighs
    /// (.2 / 19) · .6 · .5, a fourth of it. Both agree on position 4; 5 and 7 each have .8, and the left one comes first. Then no EOS
    /// is left for position 5.
    @Test
    void aTemplatesTextIsPassedOver() {
        ScriptedNetwork.Script script = (call, tokens, position) -> switch (position) {
            case 2 -> new Answer(5, 0.8);
            case 4 -> new Answer(6, 0.6);
            default -> new Answer(EOS, 0.5);
        };
        Template template = Template.hole(1).andText(9).andHole(2).andText(9);
        DecodeSettings settings = Scripted.bidirectional(4);

        var run = Scripted.run(PROMPT, template, settings.withHooks(oneOf(ids(5, 6, 7), ids(8, 6))), Scripted.SPEC, script);
        assertEquals(List.of("4=6", "2=5", "5=7"), run.changes());
        var e = assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(PROMPT, template, settings.withHooks(oneOf(ids(5, 6, 7, 8))), Scripted.SPEC, script));
        assertEquals("a given text of 4 tokens does not fit the 3 open positions: needs at most as many", e.getMessage());
    }

    /// Every rule that a hook can go with, as it is without arguments.
    static List<Unmasking> rules() {
        return UnmaskingRules.names().stream()
                .map(UnmaskingRules::parse)
                .filter(rule -> rule.writesProposalsOnly() && !rule.needsVerifier())
                .filter(rule -> !(rule instanceof SelfSpeculation || rule instanceof Wino || rule instanceof VerifiedSequence
                        || rule instanceof LinearSpeculation))
                .toList();
    }

    private static List<DecodeSettings> settings(Unmasking rule, int blockLength) {
        if (rule instanceof Pipelined) {
            return Stream.of("none", "block")
                    .map(cache -> DecodeSettings.of(new AttentionPattern.BlockCausal(blockLength), 6, blockLength)
                            .withAnchor(Anchor.PROMPT).withUnmasking(rule).withCache(CachePolicies.parse(cache)))
                    .toList();
        }
        if (rule instanceof NextSequence) {
            return Stream.of("none", "block")
                    .map(cache -> DecodeSettings.of(new AttentionPattern.CausalContext(blockLength), 6, blockLength)
                            .withUnmasking(rule).withCache(CachePolicies.parse(cache)))
                    .toList();
        }
        return Stream.of("none", "prefix", "dual", "dkv:2", "freecache")
                .map(cache -> Scripted.bidirectional(6).withBlockLength(blockLength).withUnmasking(rule).withCache(CachePolicies.parse(cache)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void everyRuleWritesAChoice(Unmasking rule) {
        int[][] choices = {{5, 6, 7, 8, 9}, {5, 6, 7}, {7, 6, 5, 8}, {5, 8}, {9, 9, 9, 9, 9, 9}, {7, 8, 7, 8, 7}};
        // Whatever was said elsewhere, so that every call has reasons of its own.
        ScriptedNetwork.Script script = (call, tokens, position) -> {
            long key = Noise.key(Arrays.hashCode(tokens), call, position);
            return new Answer(5 + (int) (Noise.uniform(key, 0) * 5), 0.1 + 0.89 * Noise.uniform(key, 1));
        };
        for (int blockLength : new int[] {1, 2, 4, 6}) {
            for (DecodeSettings settings : settings(rule, blockLength)) {
                int[] canvas = Scripted.run(PROMPT, settings.withHooks(oneOf(choices)), script).decoding().wholeCanvas();
                assertTrue(
                        Arrays.stream(choices).anyMatch(choice -> agrees(choice, canvas)),
                        () -> settings + " wrote " + Arrays.toString(canvas));
            }
        }
    }

    /// Masks that a rule had no step left for agree with anything.
    private static boolean agrees(int[] choice, int[] canvas) {
        return IntStream.range(PROMPT.length, canvas.length).allMatch(position -> {
            int offset = position - PROMPT.length;
            return canvas[position] == Scripted.MASK || canvas[position] == (offset < choice.length ? choice[offset] : EOS);
        });
    }

    @Test
    void refusesWhatCouldWriteSomethingElse() {
        OneOf choices = oneOf(ids(5, 6), ids(7));
        DecodeSettings settings = Scripted.bidirectional(2).withHooks(choices);
        choices.requireFits(settings, Scripted.SPEC);
        choices.requireFits(settings.withSampling(settings.sampling().withTemperature(1).withArgMax(true)), Scripted.SPEC);
        refused(choices, settings.withGenLength(1), "a given text of 2 tokens does not fit the generation length of 1");
        refused(choices, settings.withSampling(settings.sampling().withTemperature(0.5f)), "given texts at temperature 0.5");
        refused(choices, settings.withHooks(choices, new LeftPenalty(1)), "given texts before hook 'left-penalty:1.0'");
        refused(choices, settings.withUnmasking(new Daedal(8, 0.9f, 0.1f)), "writes more than what is proposed");
        assertThrows(IllegalArgumentException.class, OneOfTest::oneOf);
        assertThrows(IllegalArgumentException.class, () -> oneOf(ids(5, EOS)));
    }

    @Test
    void refusesTokensThatTheModelCannotWrite() {
        DecodeSettings settings = Scripted.bidirectional(2);
        for (OneOf unwritable : List.of(
                oneOf(ids(5), ids(6, Scripted.VOCABULARY)), oneOf(ids(-1)), oneOf(ids(5, Scripted.MASK)),
                new OneOf(List.of(ids(5)), Scripted.VOCABULARY))) {
            refused(unwritable, settings.withHooks(unwritable), "need tokens of the vocabulary of 20 except the mask, 19");
        }
        assertThrows(
                IllegalArgumentException.class,
                () -> Scripted.run(PROMPT, settings.withHooks(oneOf(ids(20))), (call, tokens, position) -> new Answer(5, 0.5)));
    }

    private static void refused(OneOf choices, DecodeSettings settings, String reason) {
        var e = assertThrows(IllegalArgumentException.class, () -> choices.requireFits(settings, Scripted.SPEC));
        assertTrue(e.getMessage().contains(reason), e.getMessage());
    }

    private static void write(Canvas canvas, int position, int token) {
        Edits edits = new Edits();
        edits.add(position, token);
        canvas.apply(edits);
    }

    /// Logits of some tokens, given as their probabilities up to a factor; those of all others are very small.
    private static float[] logits(int... tokensAndWeights) {
        float[] row = new float[Scripted.VOCABULARY];
        Arrays.fill(row, -30);
        for (int i = 0; i < tokensAndWeights.length; i += 2) {
            row[tokensAndWeights[i]] = (float) Math.log(tokensAndWeights[i + 1]);
        }
        return row;
    }

    /// What a hook makes of the rows of the positions behind the prompt.
    private static float[][] adjusted(OneOf hook, Canvas canvas, Span span, float[]... logits) {
        try (Backend backend = new ReferenceBackend(); Arena arena = Arena.ofConfined()) {
            Tensor tensor = backend.allocate(arena, DType.F32, logits.length, Scripted.VOCABULARY);
            for (int row = 0; row < logits.length; row++) {
                for (int id = 0; id < Scripted.VOCABULARY; id++) {
                    tensor.set(row, id, logits[row][id]);
                }
            }
            LogitRows rows = new LogitRows(tensor, backend, ProposalSpec.greedy(Scripted.MASK));
            hook.start().adjust(canvas, span, IntStream.range(0, logits.length).map(i -> PROMPT.length + i).toArray(), rows);
            return IntStream.range(0, logits.length).mapToObj(rows::row).toArray(float[][]::new);
        }
    }
}
