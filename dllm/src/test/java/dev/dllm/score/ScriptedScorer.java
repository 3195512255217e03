package dev.dllm.score;

import dev.dllm.Passage;
import dev.dllm.decode.ScriptedNetwork;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.AttentionShape;
import dev.dllm.model.FeedForwardShape;
import dev.dllm.model.ModelSpec;
import dev.dllm.model.Rope;
import dev.dllm.model.TransformerConfig;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.List;

/// A scorer over a scripted network with a vocabulary of 20, the mask being 19, and a context of 32.
final class ScriptedScorer implements AutoCloseable {
    static final int VOCABULARY = 20;
    static final int MASK = 19;
    static final AttentionPattern BIDIRECTIONAL = new AttentionPattern.Bidirectional();

    final ScriptedNetwork network;
    private final ReferenceBackend backend = new ReferenceBackend();
    private final Scorer scorer;

    ScriptedScorer(AttentionPattern attention, boolean shifted, ScriptedNetwork.Script script) {
        network = new ScriptedNetwork(VOCABULARY, script);
        TransformerConfig config = new TransformerConfig(
                4, new AttentionShape(1, 1, 4, false, false), VOCABULARY, false, 1e-6f, new Rope(10000, 2),
                List.of(new FeedForwardShape.Dense(4)), 32);
        ModelSpec spec = new ModelSpec("scripted", config, attention, shifted, MASK, new int[0]);
        scorer = new Scorer(network, backend, spec, attention);
    }

    ScriptedScorer(ScriptedNetwork.Script script) {
        this(BIDIRECTIONAL, false, script);
    }

    Score score(Passage passage, ScoreSettings settings) {
        return scorer.score(passage, settings);
    }

    List<Score> score(List<Passage> passages, ScoreSettings settings) {
        return scorer.score(passages, settings);
    }

    boolean isGreedy(Passage passage, float guidance) {
        return scorer.isGreedy(passage, guidance);
    }

    @Override
    public void close() {
        scorer.close();
        backend.close();
    }

    static ScoreSettings settings(Estimator estimator) {
        return ScoreSettings.defaults().withEstimator(estimator);
    }

    static Passage passage(int[] promptIds, int... ids) {
        return new Passage(promptIds, ids);
    }

    static int masks(int[] tokens) {
        int masks = 0;
        for (int token : tokens) {
            masks += token == MASK ? 1 : 0;
        }
        return masks;
    }
}
