package dev.dllm;

import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ForwardPlan;
import dev.dllm.model.KvCache;
import dev.dllm.model.SequenceForward;
import dev.dllm.runtime.Tensor;
import dev.dllm.runtime.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// All logits of whole canvases, from one forward without stored keys.
final class Logits {

    private Logits() {}

    /// The logits of every position of one canvas of the batch, `[position][token]`.
    static float[][] of(LanguageModel model, AttentionPattern pattern, List<int[]> canvases, int sequence) {
        List<KvCache> caches = new ArrayList<>();
        try (Workspace workspace = new Workspace(model.backend())) {
            List<SequenceForward> batch = new ArrayList<>();
            for (int[] canvas : canvases) {
                KvCache cache = new KvCache(model.backend(), model.spec().transformer());
                caches.add(cache);
                cache.require(canvas.length);
                batch.add(new SequenceForward(
                        canvas,
                        ForwardPlan.range(0, canvas.length, position -> pattern.visibleEnd(position, canvas.length))
                                .withLogitsRows(IntStream.range(0, canvas.length).toArray()),
                        cache));
            }
            Tensor logits = model.transformer().forward(batch, workspace);
            int first = canvases.stream().limit(sequence).mapToInt(canvas -> canvas.length).sum();
            float[][] rows = new float[canvases.get(sequence).length][logits.cols()];
            for (int row = 0; row < rows.length; row++) {
                for (int token = 0; token < rows[row].length; token++) {
                    rows[row][token] = logits.get(first + row, token);
                }
            }
            return rows;
        } finally {
            caches.forEach(KvCache::close);
        }
    }
}
