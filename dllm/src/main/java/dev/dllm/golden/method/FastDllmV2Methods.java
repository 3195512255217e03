package dev.dllm.golden.method;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.StopRule;
import dev.dllm.decode.Threshold;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// Fast-dLLM v2's generate.
final class FastDllmV2Methods {

    private FastDllmV2Methods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return run.method().equals("fastdllm_v2") ? Optional.of(fastDllmV2(run)) : Optional.empty();
    }

    /// Fast-dLLM v2's generate: sub-blocks inside blocks, as many blocks as `max_new_tokens` fills, from the one that holds
    /// the first open position on.
    private static DecodeCase fastDllmV2(GoldenRun run) {
        run.params().expect("temperature", "0");
        run.params().ignore("top_p");
        int blockLength = run.params().integer("block_size", 32);
        int firstOpen = run.promptLength() > blockLength && run.promptLength() % blockLength == 0 ? run.promptLength() + 1 : run.promptLength();
        int blocks = firstOpen / blockLength + run.params().integer("max_new_tokens", 2048) / blockLength;
        DecodeSettings settings = GoldenRun.parity(
                        new AttentionPattern.BlockCausal(blockLength), blocks * blockLength - run.promptLength(), blockLength)
                .withSpanLength(run.params().integer("small_block_size", 8))
                .withUnmasking(new Threshold(run.params().number("threshold", 1), 1, false))
                .withCache(new BlockCache(BlockCache.Commit.AFTER, run.params().flag("use_block_cache")))
                .withStop(StopRule.whenComplete(run.eosIds("stop_token")));
        return new DecodeCase(settings, new int[0], DecodeCase.Output.PROMPT_AND_TEXT);
    }
}
