package dev.dllm.cli;

import dev.dllm.model.AttentionPattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads `bidirectional`, `block-causal` or `causal-context`; the block length is that of the decoding.
final class AttentionConverter implements ITypeConverter<AttentionPattern> {

    @Override
    public AttentionPattern convert(String value) {
        return switch (value) {
            case "bidirectional" -> new AttentionPattern.Bidirectional();
            case "block-causal" -> new AttentionPattern.BlockCausal(1);
            case "causal-context" -> new AttentionPattern.CausalContext(1);
            default -> throw new TypeConversionException("'" + value + "' is not one of bidirectional, block-causal, causal-context");
        };
    }
}
