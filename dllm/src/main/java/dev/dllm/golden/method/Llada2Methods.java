package dev.dllm.golden.method;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Editing;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// The generate methods of LLaDA2.0 and 2.1.
final class Llada2Methods {

    private Llada2Methods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "llada2_block" -> llada2(run);
            case "llada21_block" -> llada21(run);
            default -> null;
        });
    }

    /// LLaDA2.0 generate: `minimal_topk` shortens the steps and so raises the number of commits per call.
    private static DecodeCase llada2(GoldenRun run) {
        int genLength = run.params().integer("gen_length", 2048);
        DecodeSettings settings = llada2(run, genLength)
                .withSteps(Math.min(run.params().integer("steps", 32), genLength / run.params().integer("minimal_topk", 1)))
                .withUnmasking(new Threshold(run.params().number("threshold", 0.95f)))
                .withStop(StopRule.afterBlock(run.eosIds("eos_id"))
                        .withWhen(run.params().flag("eos_early_stop") ? StopRule.When.COMPLETE : StopRule.When.BLOCK)
                        .withQuirks(StopRule.Quirks.LLADA2));
        return new DecodeCase(settings, new int[0], DecodeCase.Output.TEXT);
    }

    /// LLaDA2.1 generate: `steps` is unused, and an EOS ends the run only if asked.
    private static DecodeCase llada21(GoldenRun run) {
        run.params().ignore("steps");
        DecodeSettings settings = llada2(run, run.params().integer("gen_length", 2048))
                .withUnmasking(new Editing(
                        run.params().number("threshold", 0.95f),
                        run.params().number("editing_threshold", 0.9f),
                        run.params().integer("num_to_transfer", 1),
                        run.params().integer("max_post_steps", 16)))
                .withStop(StopRule.never(run.eosIds("eos_id"))
                        .withWhen(run.params().flag("eos_early_stop") ? StopRule.When.BLOCK : StopRule.When.NEVER));
        return new DecodeCase(settings, new int[0], DecodeCase.Output.TEXT);
    }

    private static DecodeSettings llada2(GoldenRun run, int genLength) {
        int blockLength = run.params().integer("block_length", 32);
        return GoldenRun.parity(new AttentionPattern.BlockCausal(blockLength), genLength, blockLength)
                .withSampling(run.filters(Sampling.greedy()));
    }
}
