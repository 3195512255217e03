package dev.dllm.cli;

import dev.dllm.cache.CachePolicies;
import dev.dllm.cache.CachePolicy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a cache policy by its name and arguments.
final class CacheConverter implements ITypeConverter<CachePolicy> {

    @Override
    public CachePolicy convert(String value) {
        try {
            return CachePolicies.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
