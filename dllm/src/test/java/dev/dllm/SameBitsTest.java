package dev.dllm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.cache.BlockCache;
import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A sequence's logits and text are the same to the last bit whatever computes along with it.
class SameBitsTest {
    private static final List<String> PROMPTS = List.of(
            "What is 12 + 30?", "Sort in ascending order: 61, 5, 58", "Tell me a story.", "9-8",
            "Turn this into JSON: name: Nora, age: 55, city: Paris");

    @Test
    void oneAndTwoThreads() {
        int[] one;
        int[] two;
        try (LanguageModel model = LanguageModel.embedded(LoadOptions.defaults().withThreads(1))) {
            one = logitBits(model, List.of(canvas(model, 2)), 0);
        }
        try (LanguageModel model = LanguageModel.embedded(LoadOptions.defaults().withThreads(2))) {
            two = logitBits(model, List.of(canvas(model, 2)), 0);
        }
        assertArrayEquals(one, two);
    }

    @Test
    void packedAndMappedWeights() {
        int[] packed;
        int[] mapped;
        try (LanguageModel model =
                LanguageModel.embedded(LoadOptions.defaults().withWeights(LoadOptions.Weights.PACKED))) {
            packed = logitBits(model, List.of(canvas(model, 1)), 0);
        }
        try (LanguageModel model =
                LanguageModel.embedded(LoadOptions.defaults().withWeights(LoadOptions.Weights.MAPPED))) {
            mapped = logitBits(model, List.of(canvas(model, 1)), 0);
        }
        assertArrayEquals(packed, mapped);
    }

    @Test
    void aloneAndInARaggedBatch() {
        try (LanguageModel model = LanguageModel.embedded()) {
            List<int[]> canvases = IntStream.range(0, PROMPTS.size()).mapToObj(i -> canvas(model, i)).toList();
            for (int i = 0; i < canvases.size(); i++) {
                assertArrayEquals(
                        logitBits(model, List.of(canvases.get(i)), 0), logitBits(model, canvases, i), PROMPTS.get(i));
            }
        }
    }

    @Test
    void generatedTextAloneAndInABatch() {
        try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = 0; i < PROMPTS.size(); i++) {
                DecodeSettings settings = model.settings();
                requests.add(new GenerationRequest(
                        Prompt.chat(PROMPTS.get(i)),
                        settings.withSeed(i)
                                .withUnmasking(new Threshold(i % 2 == 0 ? 0.9f : 0.5f))
                                .withCache(i % 2 == 0 ? new BlockCache() : new NoCache())
                                .withSampling(settings.sampling().withTemperature(0.4f * i).withTopK(20).withTopP(0.9f))));
            }
            List<GenerationResult> together = session.generate(requests, GenerationListener.NONE);
            for (int i = 0; i < requests.size(); i++) {
                GenerationResult alone = session.generate(requests.get(i), GenerationListener.NONE);
                assertArrayEquals(alone.ids(), together.get(i).ids(), PROMPTS.get(i));
                assertEquals(alone.calls(), together.get(i).calls());
            }
        }
    }

    @Test
    void theBlockCacheChangesNothingButTheCost() {
        try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
            long saved = 0;
            for (String prompt : PROMPTS) {
                GenerationResult full = session.generate(Prompt.chat(prompt), model.settings().withCache(new NoCache()));
                GenerationResult cached =
                        session.generate(Prompt.chat(prompt), model.settings().withCache(new BlockCache()));
                assertEquals(full.trace().calls(), cached.trace().calls(), prompt);
                assertEquals(full.calls(), cached.calls(), prompt);
                saved += full.positionsComputed() - cached.positionsComputed();
                assertTrue(cached.positionsComputed() <= full.positionsComputed(), prompt);
            }
            assertTrue(saved > 100, () -> "positions saved");
        }
    }

    /// A view of the canvas that some calls leave out keeps nothing that has changed meanwhile.
    @Test
    void theBlockCacheIsExactForGuidanceAtIntervals() {
        try (LanguageModel model = LanguageModel.embedded(); Session session = model.newSession()) {
            DecodeSettings guided = model.settings().withGuidance(0.5f).withGuidanceInterval(3);
            for (String prompt : PROMPTS) {
                GenerationResult full = session.generate(Prompt.chat(prompt), guided.withCache(new NoCache()));
                GenerationResult cached = session.generate(Prompt.chat(prompt), guided.withCache(new BlockCache()));
                assertEquals(full.trace().calls(), cached.trace().calls(), prompt);
                assertTrue(cached.positionsComputed() <= full.positionsComputed(), prompt);
            }
        }
    }

    /// The last routing block of each sequence is short.
    @Test
    void routingBlocksInARaggedBatch() {
        try (LanguageModel model = LanguageModel.load(Path.of("goldens/checkpoints/llada22-moe"))) {
            List<int[]> canvases = List.of(ids(11), ids(3), ids(21));
            for (int i = 0; i < canvases.size(); i++) {
                assertArrayEquals(logitBits(model, List.of(canvases.get(i)), 0), logitBits(model, canvases, i));
            }
        }
    }

    /// Routing blocks make a position depend on its neighbours, but on no other sequence and on nothing that is stored.
    @Test
    void routingBlocksWithACache() {
        try (LanguageModel model = LanguageModel.load(Path.of("goldens/checkpoints/llada22-moe"));
                Session session = model.newSession()) {
            int[] lengths = {3, 5, 21};
            List<GenerationRequest> requests = new ArrayList<>();
            for (CachePolicy cache : new CachePolicy[] {new NoCache(), new BlockCache()}) {
                DecodeSettings settings = model.settings().withGenLength(40).withBlockLength(8)
                        .withStop(StopRule.never())
                        .withUnmasking(new Threshold(0.1f)).withCache(cache);
                for (int length : lengths) {
                    requests.add(new GenerationRequest(Prompt.ids(ids(length)), settings));
                }
            }
            List<GenerationResult> together = session.generate(requests, GenerationListener.NONE);
            for (int i = 0; i < requests.size(); i++) {
                GenerationResult alone = session.generate(requests.get(i), GenerationListener.NONE);
                GenerationResult uncached = together.get(i % lengths.length);
                for (GenerationResult same : new GenerationResult[] {together.get(i), uncached}) {
                    assertArrayEquals(same.ids(), alone.ids());
                    assertEquals(same.calls(), alone.calls());
                }
            }
        }
    }

    @Test
    void concurrentSessions() throws InterruptedException, ExecutionException {
        try (LanguageModel model = LanguageModel.embedded();
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            List<String> alone = PROMPTS.stream().map(prompt -> generate(model, prompt)).toList();
            List<Future<List<String>>> concurrent = new ArrayList<>();
            for (int thread = 0; thread < 2; thread++) {
                concurrent.add(threads.submit(() -> PROMPTS.stream().map(prompt -> generate(model, prompt)).toList()));
            }
            for (Future<List<String>> texts : concurrent) {
                assertEquals(alone, texts.get());
            }
        }
    }

    private static String generate(LanguageModel model, String prompt) {
        try (Session session = model.newSession()) {
            return session.generate(Prompt.chat(prompt)).text();
        }
    }

    private static int[] ids(int length) {
        return IntStream.range(0, length).map(i -> 7 + i * length % 200).toArray();
    }

    /// A prompt and 32 to 36 masks behind it.
    private static int[] canvas(LanguageModel model, int prompt) {
        int[] ids = model.tokenize(Prompt.chat(PROMPTS.get(prompt)));
        int[] canvas = Arrays.copyOf(ids, ids.length + 32 + prompt);
        Arrays.fill(canvas, ids.length, canvas.length, model.spec().maskId());
        return canvas;
    }

    /// The bits of all logits of one sequence of a batch.
    private static int[] logitBits(LanguageModel model, List<int[]> canvases, int sequence) {
        return Arrays.stream(Logits.of(model, model.spec().pattern(), canvases, sequence))
                .flatMapToInt(row -> IntStream.range(0, row.length).map(i -> Float.floatToRawIntBits(row[i])))
                .toArray();
    }
}
