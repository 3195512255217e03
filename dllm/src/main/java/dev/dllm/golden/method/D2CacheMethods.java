package dev.dllm.golden.method;

import dev.dllm.cache.AdaptiveCache;
import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.D2Cache;
import dev.dllm.cache.WindowCache;
import dev.dllm.decode.CertaintyDensity;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.ConfidenceAdjustment;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.EntropyBound;
import dev.dllm.decode.Factor;
import dev.dllm.decode.Klass;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.decode.TokenRarity;
import dev.dllm.decode.Unmasking;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// d2Cache's samplers: at least so many commits per call, more where a rule allows it.
final class D2CacheMethods {

    private D2CacheMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "d2_vanilla", "eb_sampler", "certainty_prior", "pc_sampler" -> new DecodeCase(vanilla(run));
            case "d2_prefix", "d2_dual" -> new DecodeCase(vanilla(run).withCache(window(run)));
            case "d2cache" -> new DecodeCase(vanilla(run).withCache(d2Cache(run.params())));
            case "d2_dllm_cache" -> new DecodeCase(vanilla(run).withCache(adaptive(run.params())));
            case "d2_klass" -> new DecodeCase(klass(run));
            default -> null;
        });
    }

    private static DecodeSettings vanilla(GoldenRun run) {
        run.params().expect("strategy", "vanilla");
        return sampler(run).withUnmasking(acceptance(run.params()));
    }

    private static CachePolicy d2Cache(Params params) {
        Params cache = params.nested("cache");
        cache.expect("kind", "d2cache");
        return new D2Cache(
                cache.integer("current_k", 32), cache.decimal("rollout_p", 0.1), cache.decimal("sigma", 10),
                cache.integer("inflate_w", 4), true);
    }

    /// Windows of Dream, whose rows predict what stands behind them, lie one position earlier.
    private static CachePolicy window(GoldenRun run) {
        Params cache = run.params().nested("cache");
        cache.expect("kind", "prefix");
        int earlier = run.golden().path("architecture").asString("").equals("dream") ? 1 : 0;
        return new WindowCache(
                cache.flag("use_dual") ? WindowCache.Scope.BLOCK : WindowCache.Scope.REST, WindowCache.Refresh.BLOCK, earlier,
                -earlier, WindowCache.Cycle.NONE);
    }

    private static CachePolicy adaptive(Params params) {
        Params cache = params.nested("cache");
        cache.expect("kind", "dllm_cache");
        return new AdaptiveCache(cache.integer("kp", 50), cache.integer("kr", 2), cache.decimal("rou", 0.25));
    }

    private static DecodeSettings klass(GoldenRun run) {
        run.params().expect("strategy", "klass");
        return sampler(run).withUnmasking(new Klass(
                run.params().number("threshold", Float.MAX_VALUE),
                run.params().number("kl_threshold", 0.01f),
                run.params().integer("kl_history_length", 2),
                run.params().integer("num_transfer_tokens", 1),
                0,
                Klass.Pick.ALL));
    }

    /// Blocks, confidence, and where it stops; without a rule.
    private static DecodeSettings sampler(GoldenRun run) {
        Params params = run.params();
        int[] eosIds = run.eosIds("eos_id");
        return GoldenRun.parity(new AttentionPattern.Bidirectional(), params.integer("gen_length", 0), params.integer("block_length", 0))
                .withConfidence(switch (params.text("alg", "maskgit_plus")) {
                    case "maskgit_plus" -> Confidence.PROBABILITY;
                    case "topk_margin" -> Confidence.MARGIN;
                    case "entropy" -> Confidence.ENTROPY;
                    default -> throw new UnsupportedCaseException("alg '" + params.text("alg", "") + "'");
                })
                .withAdjustments(adjustments(params))
                .withStop(params.flag("stop_until_eos") ? StopRule.atEos(eosIds) : StopRule.never());
    }

    private static ConfidenceAdjustment[] adjustments(Params params) {
        List<ConfidenceAdjustment> adjustments = new ArrayList<>();
        if (params.flag("debias")) {
            adjustments.add(new TokenRarity(
                    params.numbers("token_frequency"), params.number("clip_alpha", TokenRarity.DEFAULT_LIMIT)));
        }
        float width = params.number("sigma", 0);
        if (width > 0) {
            adjustments.add(new CertaintyDensity(width, true));
        }
        return adjustments.toArray(ConfidenceAdjustment[]::new);
    }

    private static Unmasking acceptance(Params params) {
        int atLeast = params.integer("num_transfer_tokens", 1);
        float factor = params.number("factor", -1);
        float bound = params.number("gamma", -1);
        if (factor >= 0) {
            return new Factor(factor, atLeast, Factor.Last.REFUSED);
        }
        return bound >= 0
                ? new EntropyBound(bound, EntropyBound.Sum.SURER, atLeast)
                : new Threshold(params.number("threshold", Float.MAX_VALUE), atLeast, true);
    }
}
