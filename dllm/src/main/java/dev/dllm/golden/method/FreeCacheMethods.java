package dev.dllm.golden.method;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.WindowCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Quota;
import dev.dllm.decode.Schedule;
import dev.dllm.decode.StopRule;
import dev.dllm.golden.Params;
import java.util.Optional;

/// FlashDLM's FreeCache on LLaDA's and on Dream's sampler.
final class FreeCacheMethods {
    private static final CachePolicy CACHE = new WindowCache(WindowCache.Scope.REST, WindowCache.Refresh.NEVER);

    private FreeCacheMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "freecache" -> run.params().has("max_new_tokens") ? dream(run) : llada(run);
            default -> null;
        }).map(settings -> new DecodeCase(settings.withCache(CACHE)));
    }

    private static DecodeSettings llada(GoldenRun run) {
        int[] eos = run.eosIds("eos_token_id");
        return LladaMethods.llada(run)
                .withStop(run.params().flag("early_stop") ? StopRule.filling(eos) : StopRule.never());
    }

    /// The clock of the sampler runs over all blocks.
    private static DecodeSettings dream(GoldenRun run) {
        Params params = run.params();
        params.expect("use_block_diffusion", "true");
        params.expect("early_stop", "false");
        params.expect("use_full_query_attn", "false");
        DecodeSettings settings = DreamMethods.dream(run);
        int blockLength = params.integer("block_size", settings.genLength());
        return settings
                .withBlockLength(blockLength)
                .withSteps(settings.steps() / (settings.genLength() / blockLength))
                .withUnmasking(new Schedule(Quota.RUN))
                .withPacing(new Pacing.Fixed());
    }
}
