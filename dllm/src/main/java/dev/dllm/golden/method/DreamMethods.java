package dev.dllm.golden.method;

import dev.dllm.decode.BudgetedThreshold;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Quota;
import dev.dllm.decode.RandomUnmasking;
import dev.dllm.decode.Renoising;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Schedule;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// Dream's diffusion_generate and its copies.
final class DreamMethods {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();

    private DreamMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "dream_maskgit_plus", "dream_topk_margin", "dream_entropy", "dream_filtered",
                    "dream_batch_maskgit_plus", "dream_batch_topk_margin", "dream_batch_entropy" ->
                new DecodeCase(dream(run).withPacing(new Pacing.Fixed()));
            case "dream_origin" -> new DecodeCase(dream(run)
                    .withUnmasking(new RandomUnmasking())
                    .withRandomness(Replay.byMask(run.draws()))
                    .withPacing(new Pacing.Fixed()));
            case "dream_confidence_threshold" -> new DecodeCase(dream(run)
                    .withUnmasking(new BudgetedThreshold(run.params().number("threshold", 1)))
                    .withPacing(new Pacing.Fixed()));
            case "opendcoder_entropy", "opendcoder_topk_margin", "opendcoder_maskgit_plus" -> new DecodeCase(dream(run));
            case "opendcoder_p2" -> new DecodeCase(dream(run).withUnmasking(new Renoising(false, Renoising.Curve.LINEAR)));
            default -> null;
        });
    }

    /// Dream's diffusion_generate: one span, no blocks.
    static DecodeSettings dream(GoldenRun run) {
        run.params().expect("alg_temp", "0.0");
        run.params().expect("eps", "0.001");
        return GoldenRun.parity(FULL, run.params().integer("max_new_tokens", 0), DecodeSettings.WHOLE)
                .withUnmasking(new Schedule(Quota.TIMESTEPS))
                .withSteps(run.params().integer("steps", 512))
                .withConfidence(confidence(run))
                .withSampling(run.filters(Sampling.dream()));
    }

    static Confidence confidence(GoldenRun run) {
        return switch (run.params().text("alg", "origin")) {
            case "topk_margin" -> Confidence.MARGIN;
            case "entropy" -> Confidence.ENTROPY;
            case "maskgit_plus", "confidence_threshold", "origin", "p2" -> Confidence.PROBABILITY;
            default -> throw new UnsupportedCaseException("alg '" + run.params().text("alg", "") + "'");
        };
    }
}
