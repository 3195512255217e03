package dev.dllm.model;

import dev.dllm.runtime.Backend;
import java.util.ArrayList;
import java.util.List;

/// A batch of sequences that one forward computes from their first to their last position, with nothing kept from earlier
/// forwards: how texts are measured rather than made. Owns the key/value tables that this takes, and keeps them from batch to
/// batch. Not thread-safe.
public final class WholeSequences implements AutoCloseable {
    private final Backend backend;
    private final TransformerConfig config;
    private final AttentionPattern pattern;
    private final List<KvCache> tables = new ArrayList<>();
    private final List<SequenceForward> batch = new ArrayList<>();

    /// @param pattern which positions see each other
    public WholeSequences(Backend backend, TransformerConfig config, AttentionPattern pattern) {
        this.backend = backend;
        this.config = config;
        this.pattern = pattern;
    }

    /// Adds a sequence to the batch.
    ///
    /// @param tokens all of it; not copied
    /// @param active where the part begins that is decoded, the length if all is final: what a causal context ends before
    /// @param wanted ascending positions whose output is asked for
    public void add(int[] tokens, int active, int[] wanted) {
        if (tables.size() == batch.size()) {
            tables.add(new KvCache(backend, config));
        }
        KvCache table = tables.get(batch.size());
        table.require(tokens.length);
        ForwardPlan plan = ForwardPlan.range(0, tokens.length, position -> pattern.visibleEnd(position, active, tokens.length))
                .withLogitsRows(wanted);
        batch.add(new SequenceForward(tokens, tokens.length, plan, table));
    }

    /// What has been added since the last [#clear].
    public List<SequenceForward> batch() {
        return List.copyOf(batch);
    }

    /// Empties the batch.
    public void clear() {
        batch.clear();
    }

    /// Frees the tables. Idempotent.
    @Override
    public void close() {
        batch.clear();
        tables.forEach(KvCache::close);
        tables.clear();
    }
}
