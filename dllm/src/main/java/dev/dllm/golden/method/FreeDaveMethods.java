package dev.dllm.golden.method;

import dev.dllm.cache.WindowCache;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.SelfSpeculation;
import dev.dllm.decode.Threshold;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// FreeDave's block decoding with full attention, and the step-wise form of it.
final class FreeDaveMethods {
    /// No confidence is as high.
    private static final float NONE = 2;

    private FreeDaveMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return run.method().equals("freedave") ? Optional.of(new DecodeCase(freeDave(run))) : Optional.empty();
    }

    private static DecodeSettings freeDave(GoldenRun run) {
        Params params = run.params();
        params.expect("use_cache", "true");
        params.expect("draft_mode", "tree_attention", "batch_expanding");
        int genLength = params.integer("max_gen_length", 128);
        int blockLength = params.integer("block_length", 32);
        float threshold = params.number("confidence_threshold", NONE);
        boolean shifted = run.golden().path("architecture").asString("").equals("dream");
        params.expect("decoding_steps", String.valueOf(genLength));
        WindowCache.Scope scope = params.flag("dual_cache") ? WindowCache.Scope.BLOCK : WindowCache.Scope.REST;
        DecodeSettings settings = GoldenRun.parity(new AttentionPattern.Bidirectional(), genLength, blockLength)
                .withCache(new WindowCache(scope, WindowCache.Refresh.BLOCK))
                .withConfidence(params.number("alg_temp", 0) < 0 ? Confidence.LEFTMOST : Confidence.PROBABILITY)
                .withSampling(run.filters(Sampling.llada()));
        return switch (params.text("function", "")) {
            case "block_decode_with_full_attention" -> settings
                    .withPacing(new Pacing.UntilFull(2))
                    .withUnmasking(new Threshold(threshold, 1, true));
            case "block_decode_with_full_attention_FreeDave" -> settings
                    .withPacing(new Pacing.UntilFull(shifted ? 0 : 1))
                    .withUnmasking(new SelfSpeculation(
                            params.integer("draft_steps", 4), 0, threshold, params.flag("eager_acceptance_mode")));
            default -> throw new UnsupportedCaseException("function '" + params.text("function", "") + "'");
        };
    }
}
