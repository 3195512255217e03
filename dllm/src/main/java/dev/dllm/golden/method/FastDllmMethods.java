package dev.dllm.golden.method;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.cache.WindowCache;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Factor;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Schedule;
import dev.dllm.decode.Threshold;
import dev.dllm.decode.Unmasking;
import dev.dllm.golden.Params;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// Fast-dLLM's samplers and dParallel's, which have the same loops, on LLaDA and on Dream.
final class FastDllmMethods {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();

    private FastDllmMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        boolean dream = run.params().has("max_new_tokens");
        return Optional.ofNullable(switch (run.method()) {
            case "fastdllm", "fastdllm_factor" -> llada(run, new NoCache(), 1);
            case "fastdllm_prefix", "fastdllm_dual" -> dream ? dream(run) : llada(run, window(run), 2);
            case "fastdllm_factor_prefix", "fastdllm_factor_dual", "fastdllm2_prefix", "fastdllm2_dual" ->
                llada(run, window(run), 1);
            case "dparallel" -> (dream ? dreamEntropy(run) : llada(run, new NoCache(), 1)).withConfidence(Confidence.ENTROPY);
            case "dparallel_prefix", "dparallel_dual" -> llada(run, window(run), 2).withConfidence(Confidence.ENTROPY);
            default -> null;
        }).map(DecodeCase::new);
    }

    private static CachePolicy window(GoldenRun run) {
        return new WindowCache(
                run.method().endsWith("_dual") ? WindowCache.Scope.BLOCK : WindowCache.Scope.REST, WindowCache.Refresh.BLOCK);
    }

    /// @param blind calls on a block that are made before it is looked at
    private static DecodeSettings llada(GoldenRun run, CachePolicy cache, int blind) {
        Params params = run.params();
        int genLength = params.integer("gen_length", 128);
        int blockLength = params.integer("block_length", 128);
        boolean nats = run.method().startsWith("dparallel");
        params.expect("remasking", "low_confidence");
        return GoldenRun.parity(FULL, genLength, blockLength)
                .withSteps(params.integer("steps", 128) / (genLength / blockLength))
                .withPacing(new Pacing.UntilFull(blind))
                .withUnmasking(rule(params, nats))
                .withCache(cache)
                .withSampling(Sampling.llada());
    }

    /// @param nats whether the threshold is one of entropy
    private static Unmasking rule(Params params, boolean nats) {
        if (params.has("factor")) {
            return new Factor(params.number("factor", 1), 1, Factor.Last.GIVEN);
        }
        if (params.has("threshold")) {
            float threshold = params.number("threshold", 0);
            return new Threshold(nats ? -threshold : threshold, 1, true);
        }
        return new Schedule();
    }

    /// The call that opens a block commits its first position; at least one more follows.
    private static DecodeSettings dream(GoldenRun run) {
        run.params().ignore("dual_cache");
        run.params().expect("alg", "confidence_threshold");
        return dreamBlocks(run)
                .withPacing(new Pacing.UntilFull(2))
                .withUnmasking(new Threshold(run.params().number("threshold", 0.9f), 1, true))
                .withCache(window(run));
    }

    private static DecodeSettings dreamEntropy(GoldenRun run) {
        run.params().expect("alg", "entropy_threshold");
        return dreamBlocks(run)
                .withPacing(new Pacing.UntilFull(1))
                .withUnmasking(new Threshold(-run.params().number("threshold", 0.5f), 1, false));
    }

    /// The number of steps has no effect but on what lengths are refused.
    private static DecodeSettings dreamBlocks(GoldenRun run) {
        Params params = run.params();
        params.ignore("steps");
        params.expect("alg_temp", "0.0");
        int genLength = params.integer("max_new_tokens", 0);
        return GoldenRun.parity(FULL, genLength, params.integer("block_length", genLength))
                .withSampling(run.filters(Sampling.dream()));
    }
}
