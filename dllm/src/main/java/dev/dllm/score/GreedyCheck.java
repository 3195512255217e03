package dev.dllm.score;

import dev.dllm.Passage;
import dev.dllm.decode.Canvas;
import dev.dllm.decode.DecodeListener;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Decoding;
import dev.dllm.decode.Denoiser;
import dev.dllm.decode.Edits;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.KvCache;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Network;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.Workspace;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/// Denoises one token per call, the most confident first, and watches whether a given text appears.
///
/// @see "ML-GSAI/LLaDA, eval_llada.py (suffix_greedy_prediction)"
final class GreedyCheck {
    private final Network network;
    private final Backend backend;
    private final ModelSpec spec;
    private final AttentionPattern attention;

    GreedyCheck(Network network, Backend backend, ModelSpec spec, AttentionPattern attention) {
        this.network = network;
        this.backend = backend;
        this.spec = spec;
        this.attention = attention;
    }

    boolean writes(Passage passage, float guidance, Workspace workspace) {
        DecodeSettings settings = DecodeSettings.of(
                        attention, passage.ids().length, attention.blocks().orElse(DecodeSettings.WHOLE))
                .withGuidance(guidance);
        Watch watch = new Watch(passage);
        List<KvCache> tables = IntStream.range(0, Decoding.tables(settings))
                .mapToObj(_ -> new KvCache(backend, spec.transformer()))
                .toList();
        try {
            Decoding decoding = new Decoding(passage.promptIds(), settings, spec, tables);
            new Denoiser(network, backend).run(List.of(decoding), workspace, watch, watch::isOver);
        } finally {
            tables.forEach(KvCache::close);
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the scoring was interrupted");
        }
        return !watch.differs;
    }

    /// Compares every token as it is committed; a committed token does not change any more.
    private static final class Watch implements DecodeListener {
        private final Passage passage;
        private boolean differs;

        Watch(Passage passage) {
            this.passage = passage;
        }

        @Override
        public void called(int sequence, int call, Canvas canvas, Edits edits) {
            for (int i = 0; i < edits.size(); i++) {
                int at = edits.position(i) - passage.promptIds().length;
                differs |= at < passage.ids().length && edits.token(i) != passage.ids()[at];
            }
        }

        boolean isOver() {
            return differs || Thread.currentThread().isInterrupted();
        }
    }
}
