package dev.dllm.golden.method;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.Anchor;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Quota;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.Schedule;
import dev.dllm.decode.StopRule;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// dllm's samplers for converted models.
final class A2dMethods {

    private A2dMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "a2d_mdlm" -> new DecodeCase(
                    a2d(run, new AttentionPattern.Bidirectional(), run.params().integer("block_size", 32)));
            case "a2d_bd3lm" -> new DecodeCase(a2dBlocks(run));
            default -> null;
        });
    }

    /// dllm's samplers.
    private static DecodeSettings a2d(GoldenRun run, AttentionPattern attention, int blockLength) {
        int genLength = run.params().integer("max_new_tokens", 128);
        int steps = Math.ceilDiv(run.params().integer("steps", 128), Math.ceilDiv(genLength, blockLength));
        run.params().expect("remasking", "low_confidence");
        run.params().ignore("eos_id");
        return GoldenRun.parity(attention, genLength, blockLength)
                .withShifted(run.params().flag("right_shift_logits"))
                .withSteps(run.params().integer("steps_per_block", steps))
                .withUnmasking(new Schedule(run.params().text("scheduler", "linear").equals("cosine") ? Quota.COSINE : Quota.LINEAR))
                .withSampling(run.filters(Sampling.llada()))
                .withGuidance(run.params().number("cfg_scale", 0));
    }

    /// Blocks from the end of the prompt, each opened by a call over everything before it.
    private static DecodeSettings a2dBlocks(GoldenRun run) {
        int blockLength = run.params().integer("block_size", 32);
        return a2d(run, new AttentionPattern.BlockCausal(blockLength), blockLength)
                .withAnchor(Anchor.PROMPT)
                .withCache(new BlockCache(BlockCache.Commit.BEFORE, false))
                .withStop(StopRule.afterBlock(run.eosIds("eos_id")));
    }
}
