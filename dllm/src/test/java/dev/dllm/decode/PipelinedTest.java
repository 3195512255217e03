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
import dev.dllm.cache.BlockCache;
import dev.dllm.cache.CachePolicies;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PipelinedTest {
    private static final int[] PROMPT = {1, 2, 3, 4, 5, 6};
    private static final DecodeSettings SETTINGS = Scripted.settings()
            .withAnchor(Anchor.BEHIND_PROMPT)
            .withUnmasking(new Pipelined(0.7f, 0.5f, 0.75f))
            .withStop(StopRule.never());

    /// Sure of 6, 7 and 10 only.
    private static Answer answer(int position) {
        return new Answer(5, position < 8 || position == 10 ? 0.9 : 0.5);
    }

    @Test
    void blocksJoinAndLaterInsist() {
        var run = Scripted.run(PROMPT, SETTINGS, (call, tokens, position) -> answer(position));

        assertEquals(List.of("6=5 7=5", "8=5 10=5", "9=5 11=5", "12=5", "13=5"), run.changes());
        assertEquals(
                List.of("[0..10) for [6, 7, 8, 9]", "[0..14) for [8, 9, 10, 11, 12, 13]", "[0..14) for [9, 11, 12, 13]",
                        "[0..14) for [12, 13]", "[0..14) for [13]"),
                run.calls());
        assertEquals("0-5:[0, 6] 6-9:[0, 10] 10-13:[0, 14]", run.visible().get(1));
    }

    @Test
    void finishedBlocksAreComputedOnceMoreThenKept() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withCache(new BlockCache()), (call, tokens, position) -> answer(position));

        assertEquals(
                List.of("[0..10) for [6, 7, 8, 9]", "[6..14) for [8, 9, 10, 11, 12, 13]", "[6..14) for [9, 11, 12, 13]",
                        "[6..14) for [12, 13]", "[10..14) for [13]"),
                run.calls());
    }

    @Test
    void noBlockJoinsAfterAnEos() {
        var run = Scripted.run(
                PROMPT, SETTINGS.withStop(StopRule.never(Scripted.EOS)),
                (call, tokens, position) -> new Answer(position == 7 ? Scripted.EOS : 5, answer(position).probability()));

        assertEquals(List.of("6=5 7=18", "8=5", "9=5"), run.changes());
        assertEquals(FinishReason.EOS, run.decoding().finishReason());
        assertArrayEquals(new int[] {5, Scripted.EOS}, run.output());
    }

    @Test
    void fullSharesAreBlockByBlockDecodingAndTheCacheIsExact() {
        LoadOptions options = LoadOptions.defaults().withMaskId(OptionalInt.of(310));
        try (LanguageModel model = LanguageModel.load(Path.of("goldens/checkpoints/llada-mha"), options);
                Session session = model.newSession()) {
            Prompt prompt = Prompt.ids(7, 9, 100, 23, 5);
            DecodeSettings settings = DecodeSettings.of(new AttentionPattern.BlockCausal(4), 16, 4).withAnchor(Anchor.BEHIND_PROMPT);
            GenerationResult plain = session.generate(prompt, settings.withUnmasking(new Threshold(0.5f, 1, false)));
            GenerationResult inTurn = session.generate(prompt, settings.withUnmasking(new Pipelined(0.5f, 1, 1)));
            assertEquals(plain.trace().calls(), inTurn.trace().calls());

            DecodeSettings pipelined = settings.withUnmasking(new Pipelined(0.5f, 0.25f, 0.5f));
            GenerationResult uncached = session.generate(prompt, pipelined);
            GenerationResult cached = session.generate(prompt, pipelined.withCache(new BlockCache()));
            assertEquals(uncached.trace().calls(), cached.trace().calls());
            assertTrue(uncached.calls() < plain.calls());
        }
    }

    @Test
    void refusesWhatItCannotWorkWith() {
        for (DecodeSettings unfit : List.of(
                SETTINGS.withAttention(new AttentionPattern.Bidirectional()),
                SETTINGS.withSpanLength(2),
                SETTINGS.withCache(CachePolicies.parse("block:after")))) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> Scripted.run(PROMPT, unfit, (call, tokens, position) -> answer(position)));
        }
    }
}
