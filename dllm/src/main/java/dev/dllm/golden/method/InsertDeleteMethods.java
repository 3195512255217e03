package dev.dllm.golden.method;

import dev.dllm.cache.BlockCache;
import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.InsertDelete;
import dev.dllm.decode.Levenshtein;
import dev.dllm.model.AttentionPattern;
import dev.dllm.model.ModelSpec.EditIds;
import java.util.Optional;
import java.util.OptionalInt;

/// LLaDA2.2's insertion and deletion, as FluxServe and SGLang run it.
final class InsertDeleteMethods {

    private InsertDeleteMethods() {}

    static Optional<DecodeCase> map(GoldenRun run) {
        return Optional.ofNullable(switch (run.method()) {
            case "llada22_edit" -> edit(run);
            case "llada22_indel" -> indel(run, BlockCache.Commit.TRAILING);
            case "sglang_insert_delete" -> indel(run, BlockCache.Commit.CHANGED);
            default -> null;
        });
    }

    /// FluxServe: the mask cannot be proposed.
    private static DecodeCase edit(GoldenRun run) {
        return new DecodeCase(blocks(run, BlockCache.Commit.TRAILING)
                .withSteps(run.params().integer("steps", 32))
                .withUnmasking(new Levenshtein(
                        run.params().number("threshold", 0.5f),
                        run.params().number("editing_threshold", 0),
                        run.params().integer("max_post_steps", 16),
                        run.params().integer("max_steps_per_block", 100),
                        ids(run)))
                .withSuppressMask(true));
    }

    private static DecodeCase indel(GoldenRun run, BlockCache.Commit commit) {
        return new DecodeCase(blocks(run, commit).withUnmasking(new InsertDelete(
                run.params().number("threshold", 0.5f),
                run.params().number("edit_threshold", 0),
                run.params().integer("max_post_edit_steps", 16),
                ids(run))));
    }

    private static DecodeSettings blocks(GoldenRun run, BlockCache.Commit commit) {
        int blockLength = run.params().integer("block_length", 32);
        run.params().ignore("eos_id");
        return GoldenRun.parity(
                        new AttentionPattern.BlockCausal(blockLength), run.params().integer("gen_length", 256), blockLength)
                .withCache(new BlockCache(commit, false));
    }

    private static EditIds ids(GoldenRun run) {
        return new EditIds(
                OptionalInt.empty(),
                OptionalInt.of(run.params().integer("delete_token_id", -1)),
                OptionalInt.of(run.params().integer("split_token_id", -1)));
    }
}
