package dev.dllm.golden.method;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.Confidence;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Editing;
import dev.dllm.decode.EntropyBound;
import dev.dllm.decode.LeftPenalty;
import dev.dllm.decode.LogitHook;
import dev.dllm.decode.MultiBlock;
import dev.dllm.decode.Pacing;
import dev.dllm.decode.Threshold;
import dev.dllm.golden.UnsupportedCaseException;
import dev.dllm.model.AttentionPattern;
import java.util.Optional;

/// Modes of serving engines: SGLang's algorithms, and the policy of vLLM's plugin.
final class ServingMethods {
    /// The plugin's block, whatever the model's.
    private static final int VLLM_BLOCK_LENGTH = 32;

    private ServingMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "sglang_low_confidence" -> new DecodeCase(blocks(run, BlockCache.Commit.AFTER)
                    .withUnmasking(new Threshold(run.params().number("threshold", 0.95f), 1, false))
                    .withPacing(new Pacing.UpTo()));
            case "sglang_joint_threshold" -> new DecodeCase(jointThreshold(run));
            case "sglang_eb" -> new DecodeCase(blocks(run, BlockCache.Commit.AFTER)
                    .withUnmasking(new EntropyBound(run.params().number("gamma", 0.15f), EntropyBound.Sum.OTHERS))
                    .withConfidence(Confidence.ENTROPY)
                    .withPacing(new Pacing.UpTo())
                    .withSuppressMask(true));
            case "vllm_llada2" -> new DecodeCase(vllm(run));
            case "multi_block_entropy" -> new DecodeCase(multiBlock(run));
            default -> null;
        });
    }

    private static DecodeSettings blocks(GoldenRun run, BlockCache.Commit commit) {
        int blockLength = run.params().integer("block_length", 32);
        return GoldenRun.parity(
                        new AttentionPattern.BlockCausal(blockLength), run.params().integer("gen_length", 128), blockLength)
                .withCache(new BlockCache(commit, false));
    }

    private static DecodeSettings jointThreshold(GoldenRun run) {
        float penalty = run.params().number("penalty_lambda", 0);
        return blocks(run, BlockCache.Commit.CHANGED)
                .withHooks(penalty > 0 ? new LogitHook[] {new LeftPenalty(penalty)} : new LogitHook[0])
                .withUnmasking(new Editing(
                        run.params().number("threshold", 0.5f),
                        run.params().number("edit_threshold", 0),
                        1,
                        run.params().integer("max_post_edit_steps", 16)));
    }

    private static DecodeSettings vllm(GoldenRun run) {
        return GoldenRun.parity(
                        new AttentionPattern.BlockCausal(VLLM_BLOCK_LENGTH),
                        run.params().integer("gen_length", 128),
                        VLLM_BLOCK_LENGTH)
                .withSteps(run.params().integer("denoise_steps", VLLM_BLOCK_LENGTH))
                .withUnmasking(new Threshold(run.params().number("commit_confidence_threshold", 0.9f)))
                .withPacing(new Pacing.UntilFull(0))
                .withCache(new BlockCache(BlockCache.Commit.PROMPT, false));
    }

    /// A block counts as full once the one before it has made the progress `decoded_token_threshold`. The first block with masks
    /// follows a finished one, so up to 1 the parameter changes nothing.
    private static DecodeSettings multiBlock(GoldenRun run) {
        if (run.params().number("decoded_token_threshold", 0.95f) > 1) {
            throw new UnsupportedCaseException("a decoded_token_threshold above 1, with which no block ever counts as full");
        }
        return GoldenRun.parity(
                        new AttentionPattern.Bidirectional(),
                        run.params().integer("gen_length", 128),
                        run.params().integer("block_length", 32))
                .withUnmasking(new MultiBlock(
                        -run.params().number("threshold", 0.4f), run.params().number("block_add_threshold", 0.1f)))
                .withConfidence(Confidence.ENTROPY);
    }
}
