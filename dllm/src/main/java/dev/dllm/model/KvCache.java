package dev.dllm.model;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.KeyValues;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keys and values of one sequence, per layer, indexed by absolute position; keys are stored after RoPE.
///
/// It only holds rows. Which of them are valid is known to the cache policy that filled them. Grows on [#require]. Not
/// thread-safe: the owner neither grows nor closes it while a forward uses it.
public final class KvCache implements AutoCloseable {
    private final Backend backend;
    private final int layers;
    private final int width;
    private @Nullable Arena arena;
    private List<KeyValues> tables = List.of();
    private int capacity;

    /// An empty table for a model.
    public KvCache(Backend backend, TransformerConfig config) {
        this.backend = backend;
        this.layers = config.layers().size();
        this.width = config.attention().keyWidth();
    }

    /// Makes room for at least `slots` rows. Rows that were stored before are lost if it has to grow.
    public void require(int slots) {
        if (slots <= capacity) {
            return;
        }
        close();
        arena = Arena.ofShared();
        List<KeyValues> grown = new ArrayList<>(layers);
        for (int layer = 0; layer < layers; layer++) {
            grown.add(new KeyValues(
                    backend.allocate(arena, DType.F32, slots, width),
                    backend.allocate(arena, DType.F32, slots, width)));
        }
        tables = List.copyOf(grown);
        capacity = slots;
    }

    /// Rows per layer.
    public int capacity() {
        return capacity;
    }

    /// Bytes held.
    public long byteSize() {
        return 2L * layers * capacity * DType.F32.bytes(width);
    }

    /// The rows of one layer.
    KeyValues layer(int layer) {
        return tables.get(layer);
    }

    /// Frees the rows. Idempotent; [#require] makes new ones.
    @Override
    public void close() {
        if (arena != null) {
            arena.close();
            arena = null;
        }
        tables = List.of();
        capacity = 0;
    }
}
