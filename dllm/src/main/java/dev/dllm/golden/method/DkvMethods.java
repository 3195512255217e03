package dev.dllm.golden.method;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.DelayedCache;
import dev.dllm.cache.GreedyCache;
import dev.dllm.cache.NoCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.RandomOrder;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import java.util.Optional;

/// dKV-Cache on LLaDA's and on Dream's sampler.
final class DkvMethods {

    private DkvMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "dkv_decode" -> LladaMethods.llada(run).withCache(llada(run.params()));
            case "dkv_greedy" -> greedy(run);
            case "dkv_decoded", "dkv_prefill", "dkv_pd" ->
                DreamMethods.dream(run).withPacing(new Pacing.Fixed()).withCache(dream(run.params()));
            default -> null;
        }).map(DecodeCase::new);
    }

    private static CachePolicy llada(Params params) {
        int refresh = params.integer("cache_reloading_step", 1);
        return params.flag("enable_cache") ? new DelayedCache(refresh, false, false) : new NoCache();
    }

    private static DecodeSettings greedy(GoldenRun run) {
        run.params().expect("enable_cache", "true");
        DecodeSettings settings = LladaMethods.llada(run);
        return settings
                .withUnmasking(new RandomOrder())
                .withRandomness(Replay.byBlock(run.params().list("x0_p"), run.promptLength(), settings.blockLength()))
                .withCache(new GreedyCache(
                        run.params().integer("cache_reloading_step", 1), run.params().integer("window_size", 0)));
    }

    private static CachePolicy dream(Params params) {
        params.expect("use_cache", "true");
        String shift = params.text("shift_type", "un");
        if (!shift.equals("un") && !shift.equals("un_right")) {
            throw new UnsupportedCaseException("shift type '" + shift + "', which leaves out rows that masks are predicted by");
        }
        int steps = params.integer("cache_steps", 1);
        return switch (params.text("cache_type", "decoded")) {
            case "decoded" -> new DelayedCache(steps, false, shift.equals("un"));
            case "prefill" -> new DelayedCache(1, true, shift.equals("un"));
            case "pd" -> new DelayedCache(steps, true, shift.equals("un"));
            default -> throw new UnsupportedCaseException("cache type '" + params.text("cache_type", "") + "'");
        };
    }
}
