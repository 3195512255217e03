package dev.dllm.golden.method;

import dev.dllm.cache.BlockCache;
import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.cache.WindowCache;
import dev.dllm.decode.Credit;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Hierarchical;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.RelaxedThreshold;
import dev.dllm.decode.Smoothing;
import dev.dllm.decode.StopRule;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// dInfer's loops: `llm` chooses the iteration, `decoder` the unmasking rule, `cache` the cache.
final class DinferMethods {

    private DinferMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "dinfer" -> dinfer(run);
            case "dinfer_bd" -> blockDiffusion(run);
            default -> null;
        });
    }

    private static DecodeCase dinfer(GoldenRun run) {
        Params pacing = run.params().nested("llm_kwargs");
        DecodeSettings settings = decoder(run, new AttentionPattern.Bidirectional())
                .withPacing(unrolled(pacing, 1))
                .withCache(switch (run.params().text("llm", "")) {
                    case "BlockWiseDiffusionLLM" -> window(run);
                    case "VicinityCacheDiffusionLLM" -> vicinity(run, pacing);
                    case "IterSmoothDiffusionLLM" -> none(run);
                    default -> throw new UnsupportedCaseException("iteration '" + run.params().text("llm", "") + "'");
                })
                .withStop(stop(run, pacing.flag("early_stop"), true));
        return without(run.params().text("llm", "").equals("IterSmoothDiffusionLLM") ? smooth(settings, pacing) : settings);
    }

    private static DecodeSettings smooth(DecodeSettings settings, Params params) {
        if (!(settings.unmasking() instanceof RelaxedThreshold rule)) {
            throw new UnsupportedCaseException("smoothing with rule '" + settings.unmasking() + "'");
        }
        float fall = params.number("threshold_decay", 0.02f);
        return settings.withUnmasking(fall > 0 ? rule.withFall(fall) : new RelaxedThreshold(1))
                .withSmoothing(new Smoothing(
                        params.number("cont_weight_init", 0.15f),
                        params.number("cont_weight_growth", 0.02f),
                        params.number("cont_weight", 0.3f)));
    }

    private static CachePolicy none(GoldenRun run) {
        run.params().expect("cache", "none");
        return new NoCache();
    }

    private static CachePolicy window(GoldenRun run) {
        var cycle = new WindowCache.Cycle(0, run.params().integer("cache_update_freq", 0), true, false);
        return switch (run.params().text("cache", "none")) {
            case "none" -> new NoCache();
            case "prefix" -> new WindowCache(WindowCache.Scope.REST, WindowCache.Refresh.BLOCK, 0, 0, cycle);
            case "dual" -> new WindowCache(WindowCache.Scope.BLOCK, WindowCache.Refresh.BLOCK, 0, 0, cycle);
            default -> throw new UnsupportedCaseException("cache '" + run.params().text("cache", "") + "'");
        };
    }

    private static CachePolicy vicinity(GoldenRun run, Params params) {
        run.params().expect("cache", "dual");
        return new WindowCache(
                WindowCache.Scope.BLOCK,
                WindowCache.Refresh.BLOCK,
                params.integer("prefix_look", 0),
                params.integer("after_look", 0),
                new WindowCache.Cycle(
                        params.integer("warmup_steps", 0), run.params().integer("cache_update_freq", 0), true, true));
    }

    /// Without early stop the loop with a cache goes on behind a block that holds an EOS.
    private static DecodeCase blockDiffusion(GoldenRun run) {
        Params pacing = run.params().nested("llm_kwargs");
        boolean early = pacing.flag("early_stop");
        boolean cached = switch (run.params().text("llm", "")) {
            case "BlockDiffusionLLM" -> true;
            case "BlockDiffusionLLMAttnmask" -> false;
            default -> throw new UnsupportedCaseException("iteration '" + run.params().text("llm", "") + "'");
        };
        run.params().expect("cache", cached ? "prefix" : "none");
        DecodeSettings settings = decoder(run, new AttentionPattern.BlockCausal(1))
                .withPacing(unrolled(pacing, 2))
                .withCache(cached ? new BlockCache(BlockCache.Commit.PREFILLED, false) : new NoCache())
                .withStop(stop(run, early, early || !cached));
        return without(settings);
    }

    private static Pacing unrolled(Params params, int least) {
        return new Pacing.Unrolled(params.integer("maximum_unroll", 4), params.integer("expected_tpf", 8), least);
    }

    private static StopRule stop(GoldenRun run, boolean fill, boolean afterBlock) {
        return new StopRule(
                run.eosIds("eos_id"), afterBlock ? StopRule.When.BLOCK : StopRule.When.NEVER,
                fill ? StopRule.Fill.STOPPED : StopRule.Fill.NONE).withQuirks(StopRule.Quirks.DINFER);
    }

    /// The unmasking rule.
    private static DecodeSettings decoder(GoldenRun run, AttentionPattern attention) {
        Params decoder = run.params().nested("decoder");
        int blockLength = run.params().integer("block_length", 32);
        DecodeSettings settings = GoldenRun.parity(
                attention.withBlockLength(blockLength), run.params().integer("gen_length", 128), blockLength);
        float threshold = decoder.number("threshold", 0.9f);
        return switch (decoder.text("kind", "")) {
            case "threshold" -> settings.withUnmasking(new RelaxedThreshold(threshold));
            case "hierarchy" -> settings.withUnmasking(new Hierarchical(threshold, decoder.number("low_threshold", 0.4f)));
            case "credit" -> settings.withUnmasking(new RelaxedThreshold(threshold))
                    .withHooks(new Credit(
                            decoder.number("credit_alpha", 0.7f),
                            decoder.number("boost_gamma", 0.2f),
                            decoder.number("decay_beta", 0.8f)));
            default -> throw new UnsupportedCaseException("decoder '" + decoder.text("kind", "") + "'");
        };
    }

    private static DecodeCase without(DecodeSettings settings) {
        return new DecodeCase(settings, new int[0], DecodeCase.Output.CANVAS_WITHOUT_EOS);
    }
}
