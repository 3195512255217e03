package dev.dllm.embed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.InvalidRequestException;
import dev.dllm.LanguageModel;
import dev.dllm.Passage;
import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.checkpoint.Safetensors;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Vectors against the hidden states of the authors' implementation.
class EmbedderTest {
    private static final int[] NONE = {};

    private LanguageModel model;
    private Embedder embedder;

    @BeforeEach
    void open() {
        model = LanguageModel.load(Path.of("goldens/checkpoints/llada-gqa"));
        embedder = new Embedder(model);
    }

    @AfterEach
    void close() {
        embedder.close();
        model.close();
    }

    @Test
    void vectorsAreMeansOfTheStatesBehindTheFinalNorm() {
        try (Arena arena = Arena.ofShared()) {
            Checkpoint golden = Safetensors.open(Path.of("goldens/logits/llada-gqa/full-a.safetensors"), arena);
            Tensor ids = golden.tensor("input_ids");
            Tensor states = golden.tensor("hidden.final_norm");
            int length = ids.cols();
            int[] tokens = IntStream.range(0, length).map(i -> (int) ids.get(0, i)).toArray();
            assertClose(mean(states, 0, length), embed(new Passage(NONE, tokens), Pooling.MEAN, false));
            assertClose(mean(states, 0, 1), embed(new Passage(NONE, tokens), Pooling.FIRST, false));
            assertClose(mean(states, length - 1, length), embed(new Passage(NONE, tokens), Pooling.LAST, false));

            Passage behindPrompt =
                    new Passage(Arrays.copyOf(tokens, 3), Arrays.copyOfRange(tokens, 3, length));
            assertClose(mean(states, 3, length), embed(behindPrompt, Pooling.MEAN, false));
            assertClose(mean(states, 3, 4), embed(behindPrompt, Pooling.FIRST, false));
            assertClose(mean(states, length - 1, length), embed(behindPrompt, Pooling.LAST, false));
            assertEquals(states.cols(), embedder.width());
        }
    }

    @Test
    void oneTokenIsItsHiddenState() {
        Passage one = new Passage(NONE, new int[] {7});
        float[] mean = embed(one, Pooling.MEAN, true);
        assertArrayEquals(mean, embed(one, Pooling.FIRST, true));
        assertArrayEquals(mean, embed(one, Pooling.LAST, true));
    }

    @Test
    void normalizedVectorsHaveLengthOneAndTheSameDirection() {
        Passage passage = new Passage(NONE, new int[] {7, 8, 9});
        float[] plain = embed(passage, Pooling.MEAN, false);
        float[] normalized = embed(passage, Pooling.MEAN, true);
        double length = Math.sqrt(product(plain, plain));
        assertEquals(1, product(normalized, normalized), 1e-6);
        assertEquals(length, product(plain, normalized), 1e-5 * length);
    }

    @Test
    void theBatchChangesNotABit() {
        List<Passage> passages = List.of(
                new Passage(NONE, new int[] {7}), new Passage(new int[] {1, 2}, new int[] {3, 4, 5}),
                new Passage(NONE, IntStream.range(0, 40).toArray()));
        for (Pooling pooling : Pooling.values()) {
            List<float[]> together = embedder.embed(passages, pooling, true);
            for (int i = 0; i < passages.size(); i++) {
                assertArrayEquals(embed(passages.get(i), pooling, true), together.get(i));
            }
        }
        assertEquals(List.of(), embedder.embed(List.of(), Pooling.MEAN, true));
    }

    @Test
    void textsThatDoNotFitAreRefused() {
        refused("the text has 0 tokens", new Passage(new int[] {1}, NONE));
        refused("exceed the model's context", new Passage(NONE, new int[100_000]));
        refused("text id -3 is outside", new Passage(NONE, new int[] {-3}));
    }

    private void refused(String reason, Passage passage) {
        String message = assertThrows(
                InvalidRequestException.class, () -> embed(passage, Pooling.MEAN, true)).getMessage();
        assertTrue(message.contains(reason), message);
    }

    private float[] embed(Passage passage, Pooling pooling, boolean normalize) {
        return embedder.embed(List.of(passage), pooling, normalize).getFirst();
    }

    private static float[] mean(Tensor states, int from, int to) {
        float[] mean = new float[states.cols()];
        for (int i = 0; i < mean.length; i++) {
            double sum = 0;
            for (int row = from; row < to; row++) {
                sum += states.get(row, i);
            }
            mean[i] = (float) (sum / (to - from));
        }
        return mean;
    }

    private static double product(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> (double) a[i] * b[i]).sum();
    }

    private static void assertClose(float[] expected, float[] found) {
        assertArrayEquals(expected, found, 5e-4f);
    }
}
