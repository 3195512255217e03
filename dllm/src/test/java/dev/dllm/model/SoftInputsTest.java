package dev.dllm.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.dllm.LanguageModel;
import dev.dllm.LoadOptions;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a forward stores for the inputs of the next one, and what that adds.
class SoftInputsTest {
    private static final int[] TOKENS = {5, 9, 3, 3, 3, 7};

    @Test
    void storedPartsAreMultiplesOfExpectedEmbeddings() {
        try (LanguageModel model = LanguageModel.load(
                        Path.of("goldens/checkpoints/llada-moe"), LoadOptions.defaults().withMaskId(OptionalInt.of(3)));
                Workspace workspace = new Workspace(model.backend());
                KvCache cache = new KvCache(model.backend(), model.spec().transformer())) {
            cache.require(TOKENS.length);
            cache.requireInputs();
            ForwardPlan plan = ForwardPlan.range(0, TOKENS.length, _ -> TOKENS.length).withLogitsRows(4, 2);
            float[][] logits = model.backend().rows(model.transformer().forward(
                    List.of(new SequenceForward(
                            TOKENS, TOKENS.length, plan, cache, new SoftInputs(new int[0], 0.25f, new int[] {4, 3}))),
                    workspace));

            float[][] embedding = embedding(model);
            float[][] inputs = inputs(model, new SequenceForward(
                    TOKENS, TOKENS.length, plan, cache, new SoftInputs(new int[] {3, 4}, 0, new int[0])));
            for (int row = 0; row < TOKENS.length; row++) {
                float[] token = embedding[TOKENS[row]];
                if (row == 3 || row == 4) {
                    double[] expected = expected(logits[row == 4 ? 0 : 1], embedding);
                    for (int c = 0; c < token.length; c++) {
                        assertEquals(token[c] + 0.25 * expected[c], inputs[row][c], 1e-6, "row " + row + " column " + c);
                    }
                } else {
                    assertArrayEquals(token, inputs[row], "row " + row);
                }
            }
        }
    }

    private static float[][] embedding(LanguageModel model) {
        int[] ids = IntStream.range(0, model.spec().transformer().vocabulary()).toArray();
        try (KvCache cache = new KvCache(model.backend(), model.spec().transformer())) {
            cache.require(ids.length);
            return inputs(model, new SequenceForward(
                    ids, ids.length, ForwardPlan.range(0, ids.length, _ -> ids.length), cache));
        }
    }

    /// The residual stream before the first layer.
    private static float[][] inputs(LanguageModel model, SequenceForward sequence) {
        float[][][] seen = new float[1][][];
        try (Workspace workspace = new Workspace(model.backend())) {
            model.transformer().forward(List.of(sequence), workspace, new ForwardProbe() {
                @Override
                public void embedded(Tensor x) {
                    seen[0] = model.backend().rows(x);
                }
            });
        }
        return seen[0];
    }

    private static double[] expected(float[] logits, float[][] embedding) {
        double total = 0;
        double[] sum = new double[embedding[0].length];
        for (int token = 0; token < logits.length; token++) {
            double weight = Math.exp(logits[token]);
            total += weight;
            for (int c = 0; c < sum.length; c++) {
                sum[c] += weight * embedding[token][c];
            }
        }
        for (int c = 0; c < sum.length; c++) {
            sum[c] /= total;
        }
        return sum;
    }
}
