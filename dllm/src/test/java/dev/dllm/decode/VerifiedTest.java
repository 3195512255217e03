package dev.dllm.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.cache.TrailingCache;
import dev.dllm.decode.ScriptedNetwork.Answer;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.CausalModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules whose drafts a causal model judges.
class VerifiedTest {
    private static final int[] PROMPT = {7, 9, 100, 23, 5};
    private static final int LENGTH = 12;

    private static LanguageModel drafter;
    private static LanguageModel judge;

    @BeforeAll
    static void load() {
        drafter = LanguageModel.load(Path.of("goldens/checkpoints/dream"));
        judge = LanguageModel.load(Path.of("goldens/checkpoints/qwen2-ar"));
    }

    @AfterAll
    static void close() {
        drafter.close();
        judge.close();
    }

    private static DecodeSettings settings(Unmasking rule) {
        return DecodeSettings.of(drafter.spec().pattern(), LENGTH, DecodeSettings.WHOLE).withUnmasking(rule);
    }

    /// What the judge alone writes, token by token, each time reading all of the text.
    private static int[] greedy() {
        int[] text = PROMPT;
        while (text.length < PROMPT.length + LENGTH) {
            try (CausalModel.Reading reading = judge.verifier().newReading()) {
                float[] row = reading.read(text, text.length - 1)[0];
                int best = 0;
                for (int id = 0; id < row.length; id++) {
                    best = row[id] > row[best] ? id : best;
                }
                text = Arrays.copyOf(text, text.length + 1);
                text[text.length - 1] = best;
            }
        }
        return text;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 32})
    void guidedByItsFirstChoiceIsTheVerifierAlone(int chunk) {
        try (Session session = drafter.newSession()) {
            var result = session.generate(
                    Prompt.ids(PROMPT), settings(new Guided(Optional.of(judge.verifier()), new Acceptance.TopK(1, 0), chunk)));

            assertArrayEquals(greedy(), result.canvas());
        }
    }

    @Test
    void guidedByEveryChoiceIsTheDraft() {
        try (Session session = drafter.newSession()) {
            var result = session.generate(
                    Prompt.ids(PROMPT), settings(new Guided(new Acceptance.TopK(judge.spec().transformer().vocabulary(), 0)).withVerifier(judge.verifier())));
            var draft = session.generate(Prompt.ids(PROMPT), settings(new Threshold(-1, 1, true)));

            assertEquals(1, result.calls());
            assertArrayEquals(draft.canvas(), result.canvas());
        }
    }

    @Test
    void aMixtureOfTheDrafterAloneTakesTheWholeLookahead() {
        try (Session session = drafter.newSession()) {
            var alone = session.generate(Prompt.ids(PROMPT), settings(new Adaptive(1, 5)));
            var judged = session.generate(Prompt.ids(PROMPT), settings(new Adaptive(1, 5).withVerifier(judge.verifier())));

            assertEquals(3, alone.calls());
            assertEquals(alone.trace().calls(), judged.trace().calls());
        }
    }

    @Test
    void aLookaheadOfOneIsLeftToRight() {
        try (Session session = drafter.newSession()) {
            var result = session.generate(Prompt.ids(PROMPT), settings(new Adaptive(0.5f, 1).withVerifier(judge.verifier())));

            assertEquals(LENGTH, result.calls());
            assertTrue(result.trace().calls().stream().allMatch(call -> call.size() == 1));
        }
    }

    @Test
    void hidesWhatStandsBehindTheLookahead() {
        var run = Scripted.run(
                new int[] {1, 2, 3, 4},
                Scripted.settings().withGenLength(6).withAttention(new AttentionPattern.Bidirectional())
                        .withBlockLength(DecodeSettings.WHOLE)
                        .withUnmasking(new Adaptive(Optional.empty(), 1, 2, 3)).withCache(new TrailingCache(2)),
                (call, tokens, position) -> new Answer(5, 0.5));

        assertEquals(List.of("4=5 5=5", "6=5 7=5", "8=5 9=5"), run.changes());
        assertEquals(
                List.of("[0..7) for [4, 5, 6]", "[3..9) for [6, 7, 8]", "[5..10) for [8, 9]"), run.calls());
    }

    @Test
    void refusesToRunWithoutAJudge() {
        try (Session session = drafter.newSession()) {
            for (Unmasking rule : List.of(new Guided(new Acceptance.TopK(1, 0)), new Adaptive(0.7f, 5), new Edlm(2, 1))) {
                var e = assertThrows(
                        InvalidRequestException.class, () -> session.generate(Prompt.ids(PROMPT), settings(rule)));
                assertTrue(e.getMessage().contains("needs a causal model"), e.getMessage());
            }
        }
        assertThrows(InvalidRequestException.class, drafter::verifier);
    }

    @Test
    void aCausalModelDenoisesNothing() {
        try (Session session = judge.newSession()) {
            var e = assertThrows(InvalidRequestException.class, () -> session.generate(Prompt.ids(PROMPT)));
            assertTrue(e.getMessage().contains("causal language model"), e.getMessage());
        }
    }

    @Test
    void aReadingGoesOnFromWhereItIsCut() {
        try (CausalModel.Reading whole = judge.verifier().newReading();
                CausalModel.Reading parts = judge.verifier().newReading()) {
            float[][] rows = whole.read(PROMPT, 0);
            parts.read(new int[] {7, 9, 1, 2}, 4);
            parts.cut(2);

            assertArrayEquals(rows[2], parts.read(new int[] {100, 23, 5}, 0)[0]);
            assertEquals(5, parts.length());
            assertThrows(IllegalArgumentException.class, () -> parts.cut(6));
            assertThrows(IllegalArgumentException.class, () -> parts.read(new int[] {352}, 0));
        }
    }
}
