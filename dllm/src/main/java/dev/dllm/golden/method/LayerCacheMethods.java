package dev.dllm.golden.method;

import dev.dllm.cache.AdaptiveCache;
import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.SparseCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pacing;
import dev.dllm.golden.Params;
import java.util.Optional;

/// Caches that decide layer by layer, on LLaDA's and on Dream's sampler: Sparse-dLLM and dLLM-Cache.
final class LayerCacheMethods {

    private LayerCacheMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "sparse_dllm" -> sampler(run).withCache(sparse(run.params()));
            case "dllm_cache" -> sampler(run)
                    .withCache(adaptive(run.params()))
                    .withGuidanceInterval(run.params().integer("cfg_interval", 1));
            default -> null;
        }).map(DecodeCase::new);
    }

    private static DecodeSettings sampler(GoldenRun run) {
        return run.params().has("max_new_tokens") ? dream(run) : LladaMethods.llada(run);
    }

    private static DecodeSettings dream(GoldenRun run) {
        DecodeSettings settings = DreamMethods.dream(run).withPacing(new Pacing.Fixed());
        int blockLength = run.params().integer("block_length", settings.genLength());
        return settings.withBlockLength(blockLength).withSteps(settings.steps() / (settings.genLength() / blockLength));
    }

    private static CachePolicy sparse(Params params) {
        return new SparseCache(params.decimal("keep_ratio", 0.5), params.integer("kernel_size", 1));
    }

    private static CachePolicy adaptive(Params params) {
        return new AdaptiveCache(params.integer("kp", 1), params.integer("kr", 1), params.decimal("rho", 0));
    }
}
