package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.cache.CachePolicies;
import dev.dllm.decode.ScriptedNetwork.Answer;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelfSpeculationTest {
    private static final int[] PROMPT = {1, 2, 3, 4};
    private static final DecodeSettings ONE_BLOCK = Scripted.settings().withGenLength(4);

    /// Left to right, 5 everywhere; but once 4 and 5 are written, 6 from there on.
    private static Answer leftToRight(int[] tokens, int position) {
        return new Answer(tokens[5] == 5 && position > 5 ? 6 : 5, 0.8 - 0.1 * (position - 4));
    }

    @Test
    void goesOnFromTheLastDraftThatTheOthersLeadTo() {
        var run = Scripted.run(
                PROMPT, ONE_BLOCK.withUnmasking(new SelfSpeculation(3, 0)),
                (call, tokens, position) -> leftToRight(tokens, position));

        assertEquals(List.of("", "4=5 5=5", "6=6 7=6"), run.changes());
        assertEquals("[0..4) for [], 12 copied for [4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7]", run.calls().get(1));
        assertEquals("0-3:[0, 4] 4-7:[0, 4, 8, 12] 4-7:[0, 4, 12, 16] 4-7:[0, 4, 16, 20]", run.visible().get(1));
    }

    @Test
    void oneDraftIsOneStepPerCall() {
        var run = Scripted.run(
                PROMPT, ONE_BLOCK.withUnmasking(new SelfSpeculation(1, 0)),
                (call, tokens, position) -> leftToRight(tokens, position));

        assertEquals(List.of("", "4=5", "5=5", "6=6 7=6"), run.changes());
    }

    @Test
    void aDetourCatchesAnotherOrder() {
        // Call 0 ranks 4, 5, 6, 7. Once 4 is written the order is 6, 5, 7: the chain stops at {4}, the detour {4, 6} goes on, and
        // the chain's {4, 5, 6} follows it. The last mask needs no call.
        ScriptedNetwork.Script script = (call, tokens, position) ->
                new Answer(5, tokens[4] == Scripted.MASK ? 0.8 - 0.1 * (position - 4) : position == 6 ? 0.8 : 0.75 - 0.05 * (position - 4));

        var chain = Scripted.run(PROMPT, ONE_BLOCK.withUnmasking(new SelfSpeculation(3, 0)), script);
        var tree = Scripted.run(PROMPT, ONE_BLOCK.withUnmasking(new SelfSpeculation(3, 1)), script);

        assertEquals(List.of("", "4=5", "5=5 6=5 7=5"), chain.changes());
        assertEquals(List.of("", "4=5 5=5 6=5 7=5"), tree.changes());
        assertEquals("[0..4) for [], 16 copied for [4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7, 4, 5, 6, 7]", tree.calls().get(1));
    }

    @Test
    void aStepWithAThresholdCommitsAllAboveIt() {
        var run = Scripted.run(
                PROMPT, ONE_BLOCK.withUnmasking(new SelfSpeculation(2, 0, 0.65f, false)),
                (call, tokens, position) -> new Answer(5, 0.8 - 0.1 * (position - 4)));

        // Drafts {4, 5} and {4, 5, 6}: from the first the surest, 6, follows; then one mask is left.
        assertEquals(List.of("", "4=5 5=5 6=5 7=5"), run.changes());
    }

    @ParameterizedTest
    @CsvSource({"llada-mha, 310", "llada-gqa, 325", "dream, 340"})
    void oneMaskPerStepIsWhatOneStepPerCallMakes(String checkpoint, int maskId) {
        LoadOptions options = LoadOptions.defaults().withMaskId(OptionalInt.of(maskId));
        int plainCalls = 0;
        int calls = 0;
        try (LanguageModel model = LanguageModel.load(Path.of("goldens/checkpoints", checkpoint), options);
                Session session = model.newSession()) {
            for (String cache : List.of("none", "prefix", "dual")) {
                DecodeSettings settings = DecodeSettings.of(model.spec().pattern(), 16, 8).withCache(CachePolicies.parse(cache));
                Prompt prompt = Prompt.ids(7, 9, 100, 23, 5);
                GenerationResult plain = session.generate(prompt, settings.withUnmasking(new Threshold(2, 1, true)));
                for (String rule : List.of("freedave:1", "freedave:4", "freedave:8", "ssd:2,3", "ssd:4,4", "ssd:8,16")) {
                    GenerationResult drafted = session.generate(prompt, settings.withUnmasking(UnmaskingRules.parse(rule)));

                    assertArrayEquals(plain.canvas(), drafted.canvas(), cache + ", " + rule);
                    assertTrue(drafted.calls() <= plain.calls(), cache + ", " + rule);
                    plainCalls += plain.calls();
                    calls += drafted.calls();
                }
            }
        }
        assertTrue(calls < plainCalls, calls + " calls with drafts, " + plainCalls + " without");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "block", "block:before", "block:after", "block:changed"})
    void draftsLeaveTheBlockCacheExact(String cache) {
        try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
            DecodeSettings settings = model.settings().withGenLength(64).withCache(CachePolicies.parse(cache));
            Prompt prompt = Prompt.chat("Sort in ascending order: 61, 5, 58");
            GenerationResult plain = session.generate(prompt, settings.withUnmasking(new Threshold(2, 1, true)));
            GenerationResult drafted = session.generate(prompt, settings.withUnmasking(new SelfSpeculation(4, 2)));

            assertArrayEquals(plain.canvas(), drafted.canvas());
            assertTrue(drafted.calls() < plain.calls());
        }
    }

    @Test
    void refusesWhatDraftsCannotFollow() {
        DecodeSettings settings = ONE_BLOCK.withUnmasking(new SelfSpeculation(2, 0));
        for (DecodeSettings unfit : List.of(
                settings.withSampling(Sampling.greedy().withTemperature(1)),
                settings.withConfidence(Confidence.RANDOM),
                settings.withGuidance(1).withGuidanceInterval(2),
                settings.withCache(CachePolicies.parse("dkv")))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Scripted.run(PROMPT, unfit, (call, tokens, position) -> new Answer(5, 0.9)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"freedave:4", "freedave:2,0.6", "freedave:4,Infinity,0,eager", "ssd:4,4", "freedave:3,0.5,2"})
    void isWrittenAsItIsRead(String text) {
        String written = UnmaskingRules.parse(text).toString();
        assertEquals(UnmaskingRules.parse(text), UnmaskingRules.parse(written));
    }
}
