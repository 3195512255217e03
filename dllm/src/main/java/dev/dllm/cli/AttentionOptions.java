package dev.dllm.cli;

import dev.dllm.InvalidRequestException;
import dev.dllm.model.AttentionPattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which positions see each other where a text is measured. What is not given is as the model was trained.
final class AttentionOptions {
    @Option(names = "--attention", paramLabel = "PATTERN", converter = AttentionConverter.class,
            description =
                    "Which positions see each other: block-causal, causal-context or bidirectional (default: as the model was "
                            + "trained).")
    private @Nullable AttentionPattern attention;

    @Option(names = "--block-length", paramLabel = "N", description = "Tokens of a block, where attention goes by blocks.")
    private @Nullable Integer blockLength;

    /// @throws InvalidRequestException if blocks have no length, or a length has no blocks
    AttentionPattern apply(AttentionPattern trained) {
        boolean sameKind = attention == null || attention.getClass() == trained.getClass();
        AttentionPattern pattern = sameKind ? trained : attention;
        if (blockLength != null && pattern.blocks().isEmpty()) {
            throw new InvalidRequestException("--block-length needs block-causal or causal-context attention; this is " + pattern);
        }
        if (blockLength == null && !sameKind && pattern.blocks().isPresent()) {
            throw new InvalidRequestException("attention " + pattern + " needs --block-length, since the model has no such blocks");
        }
        return blockLength == null ? pattern : pattern.withBlockLength(blockLength);
    }
}
