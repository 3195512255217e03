package dev.dllm;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.WholeSequences;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.List;
import java.util.stream.IntStream;

/// All logits of whole canvases, from one forward without stored keys.
public final class Logits {

    private Logits() {}

    /// The logits of every position of one canvas of the batch, `[position][token]`.
    public static float[][] of(LanguageModel model, AttentionPattern pattern, List<int[]> canvases, int sequence) {
        try (Workspace workspace = new Workspace(model.backend());
                WholeSequences sequences =
                        new WholeSequences(model.backend(), model.spec().transformer(), pattern)) {
            for (int[] canvas : canvases) {
                sequences.add(canvas, canvas.length, IntStream.range(0, canvas.length).toArray());
            }
            Tensor logits = model.transformer().forward(sequences.batch(), workspace);
            int first = canvases.stream().limit(sequence).mapToInt(canvas -> canvas.length).sum();
            float[][] rows = new float[canvases.get(sequence).length][logits.cols()];
            for (int row = 0; row < rows.length; row++) {
                for (int token = 0; token < rows[row].length; token++) {
                    rows[row][token] = logits.get(first + row, token);
                }
            }
            return rows;
        }
    }
}
