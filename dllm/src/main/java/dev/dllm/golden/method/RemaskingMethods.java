package dev.dllm.golden.method;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Remdm;
import dev.dllm.decode.Saber;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.golden.Params;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// Saber, ReMDM on LLaDA and Saber's version of it.
final class RemaskingMethods {
    private static final AttentionPattern FULL = new AttentionPattern.Bidirectional();

    private RemaskingMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "saber" -> new DecodeCase(saber(run.params()));
            case "remdm_llada" -> new DecodeCase(remdm(run));
            case "remdm_saber" -> new DecodeCase(twoCalls(run.params()));
            case "conf_sample" -> new DecodeCase(sampled(run).withPacing(new Pacing.Fixed()));
            default -> null;
        });
    }

    private static DecodeSettings saber(Params params) {
        return GoldenRun.parity(FULL, params.integer("gen_length", 256), params.integer("block_length", 256))
                .withUnmasking(new Saber(params.integer("n", 2), true));
    }

    /// Candidates drawn at temperature 1.
    private static DecodeSettings sampled(GoldenRun run) {
        int genLength = run.params().integer("mask_length", 0);
        int blockLength = run.params().integer("block_size", 0);
        return GoldenRun.parity(FULL, genLength, blockLength)
                .withSteps(run.params().integer("sampling_steps", 0) / (genLength / blockLength))
                .withSampling(Sampling.llada().withTemperature(1))
                .withRandomness(Replay.tokens(run.golden().path("sampled_candidates")))
                .withStop(StopRule.afterBlock(run.eosIds("eos_id")));
    }

    /// A block takes as many calls again as it has positions.
    private static DecodeSettings remdm(GoldenRun run) {
        DecodeSettings settings = sampled(run);
        if (settings.steps() != settings.blockLength()) {
            throw new UnsupportedCaseException("ReMDM with " + settings.steps() + " steps for blocks of " + settings.blockLength());
        }
        return settings.withSteps(2 * settings.steps())
                .withPacing(new Pacing.Fixed())
                .withUnmasking(new Remdm(1, run.params().integer("remdm_number", 1), 7f / 8, 0, Remdm.Basis.COMMIT));
    }

    /// Rounds of two calls, without blocks.
    private static DecodeSettings twoCalls(Params params) {
        int atOnce = params.integer("unmask_k", 1);
        return GoldenRun.parity(FULL, params.integer("gen_length", 256), DecodeSettings.WHOLE)
                .withUnmasking(new Remdm(
                        atOnce, atOnce, params.number("init_unmask_ratio", 7f / 8), params.integer("loop_steps", 32), Remdm.Basis.NOW));
    }
}
