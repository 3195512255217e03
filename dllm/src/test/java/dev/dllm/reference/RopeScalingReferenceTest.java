package dev.dllm.reference;

import static dev.dllm.reference.LoadedModel.assertEqualToReference;
import static dev.dllm.reference.LoadedModel.assertVisiblyDifferent;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.GenerationResult;
import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.Logits;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.cache.BlockCache;
import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.decode.Threshold;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rotary scaling from config.json to logits.
class RopeScalingReferenceTest {
    private static final int LENGTH = 75;

    /// What `max_position_embeddings` says in these checkpoints.
    private static final int TRAINED = 50;

    @TempDir
    private Path directory;

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource
    void logitsAreThoseOfTheReference(Family family, Rotary rotary) throws IOException {
        Shape shape = shape(family);
        assertEqualToReference(checkpoint(family, shape.withRotary(rotary)), directory, LENGTH);
        int[] tokens = LoadedModel.tokens(shape, LENGTH);
        assertVisiblyDifferent(
                checkpoint(family, shape).logits(tokens), checkpoint(family, shape.withRotary(rotary)).logits(tokens));
    }

    static Stream<Arguments> logitsAreThoseOfTheReference() {
        return Stream.of(Family.LLADA2, Family.DREAM, Family.SDAR, Family.RND1).flatMap(family -> {
            Rotary plain = shape(family).rotary();
            return Stream.of(
                    plain.scaled("linear", 2.5, 0), plain.scaled("ntk", 4, 0), plain.scaled("dynamic", 4, TRAINED),
                    plain.scaled("yarn", 4, TRAINED), plain.scaled("yarn", 8, 512))
                    .map(rotary -> Arguments.of(family, rotary));
        });
    }

    @Test
    void eitherStyleOfConfigurationIsTheSameModel() throws IOException {
        Shape shape = shape(Family.LLADA2);
        Rotary yarn = shape.rotary().scaled("yarn", 4, 256);
        Map<String, Object> parameters = new LinkedHashMap<>(Family.scaling(yarn));
        parameters.put("rope_theta", yarn.theta());
        parameters.put("partial_rotary_factor", 0.5);
        Map<String, Object> newer = new HashMap<>();
        newer.put("rope_parameters", parameters);
        newer.put("rope_scaling", null);
        newer.put("rope_theta", null);
        newer.put("partial_rotary_factor", null);
        TinyCheckpoint checkpoint = checkpoint(Family.LLADA2, shape.withRotary(yarn));
        assertArrayEquals(
                logits(checkpoint, "older"), logits(checkpoint.withConfig(newer), "newer"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "ntk", "yarn"})
    void aFactorOfOneChangesNoBit(String type) throws IOException {
        Shape shape = shape(Family.LLADA2);
        Rotary one = shape.rotary().scaled(type, 1, TRAINED);
        assertArrayEquals(
                logits(checkpoint(Family.LLADA2, shape), "none"),
                logits(checkpoint(Family.LLADA2, shape.withRotary(one)), type));
    }

    @Test
    void dynamicScalingChangesNoBitWithinTheTrainedLength() throws IOException {
        Shape shape = shape(Family.LLADA2);
        Map<String, Object> exactly = Map.of("max_position_embeddings", LENGTH);
        Rotary dynamic = shape.rotary().scaled("dynamic", 4, LENGTH);
        assertArrayEquals(
                logits(checkpoint(Family.LLADA2, shape), "none"),
                logits(checkpoint(Family.LLADA2, shape.withRotary(dynamic)).withConfig(exactly), "dynamic"));
    }

    /// The length is the canvas's, so a cached key and a recomputed one are rotated alike.
    @Test
    void dynamicScalingKeepsTheBlockCacheExact() throws IOException {
        Shape shape = shape(Family.LLADA2);
        Path model = checkpoint(Family.LLADA2, shape.withRotary(shape.rotary().scaled("dynamic", 4, TRAINED)))
                .write(directory.resolve("model"));
        try (LanguageModel loaded = LanguageModel.load(model); Session session = loaded.newSession()) {
            GenerationResult cached = generate(loaded, session, new BlockCache());
            GenerationResult full = generate(loaded, session, new NoCache());
            assertEquals(full.trace().calls(), cached.trace().calls());
            assertTrue(cached.positionsComputed() < full.positionsComputed());
        }
    }

    private static GenerationResult generate(LanguageModel model, Session session, CachePolicy cache) {
        int[] prompt = LoadedModel.tokens(shape(Family.LLADA2), 40);
        return session.generate(Prompt.ids(prompt), model.settings()
                .withGenLength(100).withUnmasking(new Threshold(0.1f)).withCache(cache));
    }

    /// Each sequence is scaled by its own length.
    @Test
    void dynamicScalingDoesNotSeeTheRestOfTheBatch() throws IOException {
        Shape shape = shape(Family.LLADA2);
        Path model = checkpoint(Family.LLADA2, shape.withRotary(shape.rotary().scaled("dynamic", 4, TRAINED)))
                .write(directory.resolve("model"));
        List<int[]> batch = List.of(
                LoadedModel.tokens(shape, 30), LoadedModel.tokens(shape, LENGTH), LoadedModel.tokens(shape, 120));
        try (LanguageModel loaded = LanguageModel.load(model)) {
            for (int i = 0; i < batch.size(); i++) {
                assertArrayEquals(
                        Logits.of(loaded, loaded.spec().pattern(), List.of(batch.get(i)), 0),
                        Logits.of(loaded, loaded.spec().pattern(), batch, i));
            }
        }
    }

    @Test
    void scalingTheThetaIsAnotherTheta() throws IOException {
        Shape shape = shape(Family.LLADA);
        Path model = checkpoint(Family.LLADA, shape).write(directory.resolve("model"));
        int[] tokens = LoadedModel.tokens(shape, LENGTH);
        float[][] scaled = LoadedModel.logits(model, LoadOptions.defaults().withRopeThetaScale(14), tokens);
        Rotary larger = shape.rotary().withTheta(14 * shape.rotary().theta());
        assertArrayEquals(scaled, logits(checkpoint(Family.LLADA, shape.withRotary(larger)), "larger"));
        assertEqualToReference(checkpoint(Family.LLADA, shape.withRotary(larger)), directory.resolve("larger"), LENGTH);
        assertArrayEquals(
                LoadedModel.logits(model, LoadOptions.defaults(), tokens),
                LoadedModel.logits(model, LoadOptions.defaults().withRopeThetaScale(1), tokens));
    }

    @Test
    void theContextGrowsWithTheScaling() throws IOException {
        Shape shape = shape(Family.LLADA2);
        assertEquals(TRAINED, context(shape, shape.rotary()));
        assertEquals(125, context(shape, shape.rotary().scaled("linear", 2.5, 0)));
        assertEquals(200, context(shape, shape.rotary().scaled("ntk", 4, 0)));
        assertEquals(200, context(shape, shape.rotary().scaled("dynamic", 4, TRAINED)));
        assertEquals(128, context(shape, shape.rotary().scaled("yarn", 4, 32)));
    }

    private int context(Shape shape, Rotary rotary) throws IOException {
        Path model = checkpoint(Family.LLADA2, shape.withRotary(rotary)).write(directory.resolve("model"));
        try (LanguageModel loaded = LanguageModel.load(model)) {
            return loaded.spec().transformer().contextLimit();
        }
    }

    private float[][] logits(TinyCheckpoint checkpoint, String name) throws IOException {
        return LoadedModel.logits(
                checkpoint.write(directory.resolve(name)), LoadOptions.defaults(),
                LoadedModel.tokens(checkpoint.shape(), LENGTH));
    }

    private static Shape shape(Family family) {
        Shape dense = Shapes.dense().withHeads(4, 2, 8);
        return switch (family) {
            case LLADA2, LLADA22 -> Shapes.llada2();
            case LLADA -> dense;
            case DREAM -> dense.withQkvBias();
            case SDAR -> dense.withQkNorm().withBlock(8);
            case ILLADA -> dense.withTiedHead();
            case NEMOTRON -> dense.withBlock(1);
            case SDLM -> dense.withQkvBias().withBlock(1);
            case LLADA_MOE, SDAR_MOE, RND1 -> dense.withQkNorm()
                    .withLayers(Shapes.layers(0, 0, 2, new FeedForward.Experts(8, 24, 0, Router.softmax(3, true))));
        };
    }

    private static TinyCheckpoint checkpoint(Family family, Shape shape) {
        return TinyCheckpoint.random(family, shape, 2).withConfig(Map.of("max_position_embeddings", TRAINED));
    }
}
