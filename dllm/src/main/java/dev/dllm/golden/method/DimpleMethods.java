package dev.dllm.golden.method;

import dev.dllm.cache.NoCache;
import dev.dllm.cache.WindowCache;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.ConfidentDecoding;
import dev.dllm.decode.ConfidentDecoding.Fallback;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Sampling;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import dev.dllm.runtime.ProposalSpec;
import java.util.Optional;

/// Dimple's diffusion_generate with its own pipeline.
final class DimpleMethods {
    /// Above every confidence.
    private static final float NEVER = 2;

    private DimpleMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return run.method().equals("dimple") ? Optional.of(new DecodeCase(dimple(run))) : Optional.empty();
    }

    private static DecodeSettings dimple(GoldenRun run) {
        run.params().expect("decoding_pipeline", "dim");
        run.params().expect("alg_temp", "0.0");
        float threshold = run.params().number("alg_p_threshold", NEVER);
        String alg = run.params().text("alg", "origin");
        return GoldenRun.parity(
                        new AttentionPattern.Bidirectional(), run.params().integer("max_new_tokens", 0), DecodeSettings.WHOLE)
                .withSteps(run.params().integer("steps", 512))
                .withUnmasking(new ConfidentDecoding(threshold > 0 ? threshold : NEVER, fallback(alg)))
                .withConfidence(switch (alg) {
                    case "topk_margin" -> Confidence.MARGIN;
                    case "entropy" -> Confidence.ENTROPY;
                    default -> Confidence.PROBABILITY;
                })
                .withCache(run.params().flag("use_cache")
                        ? new WindowCache(WindowCache.Scope.REST, WindowCache.Refresh.NEVER)
                        : new NoCache())
                .withRandomness(Replay.inTurn(run.draws()))
                .withSampling(run.filters(sampling(run)));
    }

    private static Fallback fallback(String alg) {
        return switch (alg) {
            case "maskgit_plus", "topk_margin", "entropy" -> Fallback.SUREST;
            case "autoregressive" -> Fallback.LEFTMOST;
            case "origin-ratio" -> Fallback.RATIO;
            default -> throw new UnsupportedCaseException("alg '" + alg + "'");
        };
    }

    private static Sampling sampling(GoldenRun run) {
        return run.params().flag("use_original_confidence")
                ? new Sampling(
                        0, 0, 1, ProposalSpec.FilterOrder.TOP_P_FIRST, ProposalSpec.ConfidenceFrom.RAW, false, new int[0], new int[0])
                : Sampling.dream();
    }
}
