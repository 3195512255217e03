package dev.dllm.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.GenerationResult;
import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Threshold;
import dev.dllm.model.AttentionPattern;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Caches that decide inside the forward: where they are exact, what they save, what they refuse.
class LayerCachesTest {
    private static final int PROMPT = 7;
    private static final int GENERATED = 12;
    private static final DecodeSettings SETTINGS =
            DecodeSettings.of(new AttentionPattern.Bidirectional(), GENERATED, 6).withPacing(new Pacing.Fixed());

    @ParameterizedTest
    @ValueSource(strings = {"llada-gqa", "dream"})
    void intervalsOfOneAndWholeSharesAreExact(String checkpoint) {
        try (LanguageModel model = model(checkpoint)) {
            GenerationResult exact = run(model, SETTINGS);
            for (CachePolicy cache : List.of(
                    new AdaptiveCache(1, 1, 0), new AdaptiveCache(1, 50, 1), new AdaptiveCache(1, 3, 1))) {
                assertEquals(exact.trace().calls(), run(model, SETTINGS.withCache(cache)).trace().calls(), cache.toString());
            }
            assertNotEquals(
                    exact.trace().calls(), run(model, SETTINGS.withCache(new AdaptiveCache(50, 50, 0))).trace().calls());
        }
    }

    /// With every position in the nucleus every call computes everything.
    @ParameterizedTest
    @ValueSource(strings = {"llada-gqa", "dream"})
    void d2CacheIsExactWithTheWholeRollout(String checkpoint) {
        try (LanguageModel model = model(checkpoint)) {
            DecodeSettings settings = SETTINGS.withUnmasking(new Threshold(0.9f, 1, false)).withPacing(new Pacing.UntilFull(0));
            GenerationResult exact = run(model, settings);
            GenerationResult whole = run(model, settings.withCache(new D2Cache(GENERATED, 1, 10, 0, false)));
            assertEquals(exact.trace().calls(), whole.trace().calls());
            assertEquals(exact.positionsComputed(), whole.positionsComputed());
            GenerationResult few = run(model, settings.withCache(new D2Cache(2, 0, 10, 0, false)));
            assertTrue(few.positionsComputed() < exact.positionsComputed() / 2, few.toString());
            assertTrue(Arrays.stream(few.ids()).allMatch(id -> id != 3), "a mask is left");
        }
    }

    /// Two calls on a span compute everything; from the third on the rest is what it was.
    @Test
    void sparseIsExactForTwoCallsOnASpan() {
        try (LanguageModel model = model("llada-gqa")) {
            DecodeSettings two = SETTINGS.withSteps(2);
            GenerationResult exact = run(model, two);
            GenerationResult sparse = run(model, two.withCache(new SparseCache(0, 1)));
            assertEquals(exact.trace().calls(), sparse.trace().calls());
            assertEquals(exact.positionsComputed(), sparse.positionsComputed());

            GenerationResult more = run(model, SETTINGS.withCache(new SparseCache(0.5, 3)));
            assertEquals(2 * (2 * (PROMPT + GENERATED) + 4 * 6), more.positionsComputed());
            assertEquals(2 * 6, more.calls());
            assertNotEquals(
                    run(model, SETTINGS.withCache(new SparseCache(0, 1))).trace().calls(),
                    run(model, SETTINGS.withCache(new SparseCache(1, 1))).trace().calls());
        }
    }

    /// The call that decodes the span's first position alone is one of its steps.
    @Test
    void sparseOnAShiftedModelDecodesTheFirstPositionFirst() {
        try (LanguageModel model = model("dream")) {
            GenerationResult sparse = run(model, SETTINGS.withCache(new SparseCache(0.5, 3)));
            assertEquals(12, sparse.calls());
            assertEquals(PROMPT, sparse.trace().calls().getFirst().getFirst().position());
            assertEquals(1, sparse.trace().calls().getFirst().size());
            assertEquals(PROMPT + 6, sparse.trace().calls().get(6).getFirst().position());
        }
    }

    @Test
    void refusals() {
        refused("needs 0 to 1", () -> new SparseCache(1.1, 1));
        refused("needs an odd number", () -> new SparseCache(0.5, 2));
        refused("need 1 or more", () -> new AdaptiveCache(0, 1, 0));
        refused("needs 0 to 1", () -> new AdaptiveCache(1, 1, Double.NaN));
        refused("needs 1 or more, and 0 or more", () -> new D2Cache(0, 0.1, 10, 4, false));
        refused("needs 0 to 1, and a positive number", () -> new D2Cache(1, 0.1, 0, 4, false));
        AttentionPattern blocks = new AttentionPattern.BlockCausal(4);
        refused("accepted here: bidirectional", () -> new SparseCache(0.5, 1).start(blocks, false));
        refused("accepted here: bidirectional", () -> new AdaptiveCache(1, 1, 0).start(blocks, false));
        refused("accepted here: bidirectional", () -> new D2Cache(1, 0.1, 10, 4, false).start(blocks, false));
        try (LanguageModel model = model("llada-gqa"); Session session = model.newSession()) {
            String message = assertThrows(InvalidRequestException.class,
                    () -> session.generate(Prompt.ids(1, 2), SETTINGS.withGuidance(1).withCache(new D2Cache(2, 0.1, 10, 4, false))))
                    .getMessage();
            assertTrue(message.contains("with guidance"), message);
        }
        try (LanguageModel model = model("llada22-moe"); Session session = model.newSession()) {
            String message = assertThrows(InvalidRequestException.class,
                    () -> session.generate(Prompt.ids(1, 2), SETTINGS.withCache(new AdaptiveCache(2, 2, 0)))).getMessage();
            assertTrue(message.contains("admit whole blocks of rows"), message);
        }
    }

    private static LanguageModel model(String checkpoint) {
        return LanguageModel.load(
                Path.of("goldens/checkpoints", checkpoint), LoadOptions.defaults().withMaskId(OptionalInt.of(3)));
    }

    private static GenerationResult run(LanguageModel model, DecodeSettings settings) {
        try (Session session = model.newSession()) {
            int[] prompt = IntStream.range(0, PROMPT).map(i -> 10 + 3 * i).toArray();
            return session.generate(Prompt.ids(prompt), settings);
        }
    }

    private static void refused(String part, Runnable action) {
        String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
