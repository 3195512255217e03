package dev.dllm.golden.method;

import dev.dllm.decode.Canvas;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.ConfidenceAdjustment;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Klass;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Sampling;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/// KLASS on LLaDA and on Dream.
final class KlassMethods {

    private KlassMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        if (!run.method().equals("klass")) {
            return Optional.empty();
        }
        DecodeSettings settings = run.params().has("max_new_tokens") ? dream(run) : llada(run);
        return Optional.of(new DecodeCase(settings.withPacing(new Pacing.UpTo())));
    }

    private static DecodeSettings llada(GoldenRun run) {
        Params params = run.params();
        int genLength = params.integer("gen_length", 128);
        int blockLength = params.integer("block_length", 128);
        DecodeSettings settings = GoldenRun.parity(new AttentionPattern.Bidirectional(), genLength, blockLength)
                .withSteps(params.integer("steps", 128) / (genLength / blockLength));
        return switch (params.text("alg", "klass")) {
            // The reference asks for more than the threshold, and waits until the history is one of this block.
            case "klass" -> settings.withUnmasking(klass(
                    params, Math.nextUp(params.number("conf_threshold", 0.9f)), 0, params.integer("kl_history_length", 2) - 1));
            case "topk_margin" -> settings.withConfidence(Confidence.MARGIN);
            case "entropy" -> settings.withConfidence(Confidence.ENTROPY).withAdjustments(new Reversed());
            default -> throw new UnsupportedCaseException("alg '" + params.text("alg", "") + "'");
        };
    }

    private static DecodeSettings dream(GoldenRun run) {
        Params params = run.params();
        params.expect("alg", "klass");
        params.expect("alg_temp", "0.0");
        return GoldenRun.parity(
                        new AttentionPattern.Bidirectional(), params.integer("max_new_tokens", 0), DecodeSettings.WHOLE)
                .withSteps(params.integer("steps", 512))
                .withUnmasking(klass(params, params.number("conf_threshold", 0.9f), 1, 0))
                .withSampling(run.filters(Sampling.dream()));
    }

    private static Klass klass(Params params, float threshold, int atLeast, int delay) {
        return new Klass(
                threshold,
                params.number("kl_threshold", 0.01f),
                params.integer("kl_history_length", 2),
                atLeast,
                delay,
                switch (params.text("unmask_strategy", "all")) {
                    case "all" -> Klass.Pick.ALL;
                    case "max_conf" -> Klass.Pick.SUREST;
                    case "min_kl" -> Klass.Pick.STEADIEST;
                    default -> throw new UnsupportedCaseException("strategy '" + params.text("unmask_strategy", "") + "'");
                });
    }

    /// The least sure first: the reference has the sign of its entropy wrong.
    private record Reversed() implements ConfidenceAdjustment {
        @Override
        public void adjust(Canvas canvas, int[] positions, int[] tokens, float[] confidence, IntToDoubleFunction uniform) {
            for (int i = 0; i < confidence.length; i++) {
                confidence[i] = -confidence[i];
            }
        }
    }
}
