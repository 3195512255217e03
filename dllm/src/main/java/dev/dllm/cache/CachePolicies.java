package dev.dllm.cache;

/// The cache policies by name.
public final class CachePolicies {
    private static final String KNOWN = "none, block, block:before, block:after, block:changed";

    private CachePolicies() {}

    /// Reads a policy as [CachePolicy#toString] writes it.
    ///
    /// @throws IllegalArgumentException if the name is unknown
    public static CachePolicy parse(String text) {
        return switch (text) {
            case "none" -> new NoCache();
            case "block" -> new BlockCache();
            case "block:before" -> new BlockCache(BlockCache.Commit.BEFORE, false);
            case "block:after" -> new BlockCache(BlockCache.Commit.AFTER, false);
            case "block:changed" -> new BlockCache(BlockCache.Commit.CHANGED, false);
            default -> throw new IllegalArgumentException("unknown cache policy '" + text + "'; known: " + KNOWN);
        };
    }
}
