package dev.dllm.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.LanguageModel;
import dev.dllm.Prompt;
import dev.dllm.Session;
import dev.dllm.cache.CachePolicies;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.RandomOrder;
import dev.dllm.decode.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where an approximate cache is exact, a whole run is the same with it and without it.
class CacheLawsTest {
    private static final int SEEDS = 4;

    @TempDir
    private Path directory;

    private void assertExact(Family family, int layers, UnaryOperator<DecodeSettings> change, String... policies)
            throws IOException {
        assertEquals(Set.of(), differing(family, layers, change, policies));
    }

    /// Decodes 24 tokens in blocks of 8, one per call, with several random networks.
    ///
    /// @return the policies whose run differs from that without a cache at least once
    private Set<String> differing(Family family, int layers, UnaryOperator<DecodeSettings> change, String... policies)
            throws IOException {
        Set<String> differing = new TreeSet<>();
        for (int seed = 0; seed < SEEDS; seed++) {
            Path checkpoint = directory.resolve("seed-" + seed);
            TinyCheckpoint.random(family, shape(family, layers), seed).write(checkpoint);
            try (LanguageModel model = LanguageModel.load(checkpoint); Session session = model.newSession()) {
                DecodeSettings settings = change.apply(
                        DecodeSettings.of(model.spec().pattern(), 24, 8).withSeed(seed));
                List<List<Trace.Change>> exact = trace(session, settings);
                for (String policy : policies) {
                    if (!trace(session, settings.withCache(CachePolicies.parse(policy))).equals(exact)) {
                        differing.add(policy);
                    }
                }
            }
        }
        return differing;
    }

    private static List<List<Trace.Change>> trace(Session session, DecodeSettings settings) {
        int[] prompt = IntStream.range(0, 8).map(i -> 5 * i + 1).toArray();
        return session.generate(Prompt.ids(prompt), settings).trace().calls();
    }

    private static Shape shape(Family family, int layers) {
        Shape shape = Shapes.dense().withLayers(Collections.nCopies(layers, new FeedForward.Dense(72)));
        return switch (family) {
            case DREAM -> shape.withQkvBias();
            case SDAR -> shape.withQkNorm().withBlock(8);
            default -> shape;
        };
    }

    @Test
    void aRefreshAtEveryCall() throws IOException {
        assertExact(Family.LLADA, 2, settings -> settings, "dkv:1");
        assertExact(Family.DREAM, 2, settings -> settings, "dkv:1", "dkv:1,keep-masks");
        assertExact(Family.LLADA, 2, settings -> settings.withUnmasking(new RandomOrder()), "dkv-greedy:1,4");
    }

    /// Keys and values of one layer depend on nothing but token and position.
    @Test
    void oneLayer() throws IOException {
        assertExact(Family.LLADA, 1, settings -> settings,
                "prefix", "dual", "freecache", "dual:finished", "dkv:2", "dkv:4", "dkv:100", "dkv-prefill", "dkv-pd:4");
        assertExact(Family.DREAM, 1, settings -> settings, "freecache", "dkv:2", "dkv:4", "dkv:100", "dkv-prefill", "dkv-pd:4");
        assertExact(Family.DREAM, 1, settings -> settings.withBlockLength(24), "dkv:4", "dkv-pd:100");
    }

    @Test
    void fewCallsPerBlock() throws IOException {
        assertExact(Family.LLADA, 2, settings -> settings.withSteps(2), "dkv:8");
        assertExact(Family.LLADA, 2, settings -> settings.withSteps(1), "prefix", "dual");
    }

    /// Nothing before a block depends on it.
    @Test
    void blockCausalPrefixes() throws IOException {
        assertExact(Family.SDAR, 2, settings -> settings, "prefix", "dual", "freecache", "dkv-prefill");
    }

    /// Otherwise equality would say nothing about them.
    @Test
    void elsewhereTheyAreApproximations() throws IOException {
        String[] policies = {"dkv-pd:8", "dkv:8", "dual", "freecache", "prefix"};
        assertEquals(Set.of(policies), differing(Family.LLADA, 2, settings -> settings, policies));
        assertEquals(Set.of("prefix:never"), differing(Family.LLADA, 1, settings -> settings, "prefix:never"));
        assertEquals(Set.of("dkv:8,keep-masks"), differing(Family.DREAM, 1, settings -> settings, "dkv:8,keep-masks"));
    }
}
