package dev.dllm.golden.method;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.Anchor;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Pipelined;
import dev.dllm.decode.Sampling;
import dev.dllm.decode.StopRule;
import dev.dllm.golden.Params;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// D2F's generate. Its canvas shows the blocks that have joined.
final class D2fMethods {

    private D2fMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return run.method().equals("d2f")
                ? Optional.of(new DecodeCase(d2f(run), new int[0], DecodeCase.Output.JOINED_BLOCKS))
                : Optional.empty();
    }

    private static DecodeSettings d2f(GoldenRun run) {
        Params params = run.params();
        int blockLength = params.integer("block_size", 32);
        return GoldenRun.parity(
                        new AttentionPattern.BlockCausal(blockLength), params.integer("max_new_tokens", 512), blockLength)
                .withAnchor(Anchor.BEHIND_PROMPT)
                .withCache(new BlockCache())
                .withUnmasking(new Pipelined(
                        params.number("skip_threshold", 0.9f),
                        params.number("block_add_threshold", 0.1f),
                        params.number("decoded_token_threshold", 0.95f)))
                .withConfidence(switch (params.text("sampling_strategy", "default")) {
                    case "neg_entropy" -> Confidence.ENTROPY;
                    case "margin_confidence" -> Confidence.MARGIN;
                    default -> Confidence.PROBABILITY;
                })
                .withSampling(run.filters(Sampling.dream()))
                .withStop(StopRule.never(run.eosIds("eos_id")));
    }
}
