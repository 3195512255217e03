package dev.dllm.golden.method;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.EntropyBound;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Quota;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Schedule;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// SDAR's generate.py.
final class SdarMethods {

    private SdarMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "sdar_sequential", "sdar_static", "sdar_dynamic", "sdar_entropy" -> new DecodeCase(sdar(run));
            default -> null;
        });
    }

    /// SDAR's generate.py: a call of its own stores the prompt's whole blocks and every finished block.
    private static DecodeSettings sdar(GoldenRun run) {
        int blockLength = run.params().integer("block_length", 4);
        DecodeSettings settings = GoldenRun.parity(
                        new AttentionPattern.BlockCausal(blockLength), run.params().integer("gen_length", 256), blockLength)
                .withSteps(run.params().integer("denoising_steps", 4))
                .withPacing(new Pacing.UntilFull(0))
                .withCache(new BlockCache(BlockCache.Commit.AFTER, false))
                .withSampling(run.filters(Sampling.greedy()).withArgMax(true))
                .withStop(StopRule.afterBlock(run.params().integers("stopping_criteria_idx")));
        if (run.params().text("sampling", "argmax").equals("recorded")) {
            settings = settings.withRandomness(Replay.tokens(run.draws(), blockLength));
        }
        return switch (run.params().text("remasking_strategy", "")) {
            case "sequential" -> settings.withUnmasking(new Schedule(Quota.LENGTH)).withConfidence(Confidence.LEFTMOST);
            case "low_confidence_static" -> settings.withUnmasking(new Schedule(Quota.LENGTH));
            case "low_confidence_dynamic" ->
                settings.withUnmasking(new Threshold(run.params().number("confidence_threshold", 0.85f)));
            case "entropy_bounded" -> settings
                    .withUnmasking(new EntropyBound(run.params().number("eb_threshold", 0.35f), EntropyBound.Sum.ALL))
                    .withConfidence(Confidence.ENTROPY);
            default -> throw new UnsupportedCaseException("remasking strategy '" + run.params().text("remasking_strategy", "") + "'");
        };
    }
}
