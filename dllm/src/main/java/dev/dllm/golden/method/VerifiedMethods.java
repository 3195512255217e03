package dev.dllm.golden.method;

import dev.dllm.cache.CachePolicy;
import dev.dllm.cache.NoCache;
import dev.dllm.cache.TrailingCache;
import dev.dllm.decode.Acceptance;
import dev.dllm.decode.Adaptive;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Guided;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// Methods whose drafts a causal model judges: APD, and FlashDLM's guided diffusion.
final class VerifiedMethods {

    private VerifiedMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "apd" -> adaptive(run);
            case "guided_diffusion" -> guided(run);
            default -> null;
        }).map(DecodeCase::new);
    }

    private static DecodeSettings adaptive(GoldenRun run) {
        Params params = run.params();
        int lookahead = params.integer("max_lookahead", DecodeSettings.WHOLE);
        int window = params.integer("kv_window", 0);
        CachePolicy cache = window == 0 ? new NoCache() : new TrailingCache(window);
        float weight = params.number("apd_mixture_weight", 0.7f);
        int perStep = params.integer("tokens_per_step", DecodeSettings.WHOLE);
        String verifier = params.text("verifier", "");
        Adaptive rule = switch (params.text("alg", "")) {
            case "apd" -> new Adaptive(weight, lookahead).withVerifier(run.verifier(verifier));
            case "leftright" -> new Adaptive(Optional.empty(), 1, perStep, lookahead);
            default -> throw new UnsupportedCaseException("alg '" + params.text("alg", "") + "'");
        };
        return parity(run)
                .withUnmasking(rule)
                .withCache(cache)
                .withConfidence(Confidence.LEFTMOST)
                .withStop(StopRule.whenComplete(run.eosIds("eos_token_id")));
    }

    private static DecodeSettings guided(GoldenRun run) {
        Params params = run.params();
        params.expect("stop_on_dream_eos", "false");
        params.ignore("dream_eos");
        params.ignore("confidence_threshold");
        params.ignore("eos_token_id");
        int topK = params.integer("acceptance_top_k", 5);
        float ratio = params.number("top_p", 0.5f);
        String strategy = params.text("sampling_strategy", "");
        Acceptance acceptance = switch (strategy) {
            case "deterministic" -> new Acceptance.TopK(1, 0);
            case "topk" -> new Acceptance.TopK(topK, 0);
            case "topk_relative" -> new Acceptance.TopK(topK, ratio);
            default -> throw new UnsupportedCaseException("sampling strategy '" + strategy + "'");
        };
        return parity(run)
                .withUnmasking(new Guided(
                        Optional.of(run.verifier(params.text("verifier", ""))), acceptance, params.integer("verify_batch_size", 32)))
                .withStop(StopRule.filling(params.integers("eos_tokens")));
    }

    private static DecodeSettings parity(GoldenRun run) {
        return GoldenRun.parity(new AttentionPattern.Bidirectional(), run.params().integer("max_new_tokens", 0), DecodeSettings.WHOLE)
                .withSampling(run.filters(Sampling.dream()));
    }
}
