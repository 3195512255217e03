package dev.dllm.model;

import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Indices;
import dev.dllm.runtime.KeyValues;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Keys and values of one sequence, per layer, indexed by absolute position; keys are stored after RoPE.
///
/// It only holds rows. Which of them are valid is known to the cache policy that filled them. Grows on [#require]. Not
/// thread-safe: the owner neither grows nor closes it while a forward uses it.
public final class KvCache implements AutoCloseable {
    private final Backend backend;
    private final int layers;
    private final int width;
    private final int hidden;
    private @Nullable Arena arena;
    private List<KeyValues> tables = List.of();
    private @Nullable Tensor inputs;
    private List<LayerOutputs> outputs = List.of();
    private int capacity;

    /// What one layer added to the residual stream, by slot.
    ///
    /// @param attention   `[slots, hidden]`
    /// @param feedForward `[slots, hidden]`
    record LayerOutputs(Tensor attention, Tensor feedForward) {}

    /// An empty table for a model.
    public KvCache(Backend backend, TransformerConfig config) {
        this.backend = backend;
        this.layers = config.layers().size();
        this.width = config.attention().keyWidth();
        this.hidden = config.hidden();
    }

    /// Makes room for at least `slots` rows, and keeps those that are stored.
    public void require(int slots) {
        if (slots <= capacity) {
            return;
        }
        Arena larger = Arena.ofShared();
        List<KeyValues> grown = new ArrayList<>(layers);
        try {
            Indices kept = Indices.of(IntStream.range(0, capacity).toArray());
            for (int layer = 0; layer < layers; layer++) {
                grown.add(new KeyValues(
                        backend.allocate(larger, DType.F32, slots, width),
                        backend.allocate(larger, DType.F32, slots, width)));
                if (capacity > 0) {
                    backend.ops().scatterRows(grown.get(layer).keys(), tables.get(layer).keys(), kept);
                    backend.ops().scatterRows(grown.get(layer).values(), tables.get(layer).values(), kept);
                }
            }
        } catch (RuntimeException | Error e) {
            larger.close();
            throw e;
        }
        close();
        arena = larger;
        tables = List.copyOf(grown);
        capacity = slots;
    }

    /// Makes room for the soft part of an input per slot, see [SoftInputs], as long as the table does not grow.
    ///
    /// @throws IllegalStateException before the first [#require]
    public void requireInputs() {
        if (inputs == null) {
            inputs = backend.allocate(requireSlots(), DType.F32, capacity, hidden);
        }
    }

    /// Makes room for what each layer adds to the residual stream, see [LayerControl#leavesRowsOut], as long as the table does
    /// not grow.
    ///
    /// @throws IllegalStateException before the first [#require]
    public void requireOutputs() {
        if (outputs.isEmpty()) {
            Arena memory = requireSlots();
            List<LayerOutputs> made = new ArrayList<>(layers);
            for (int layer = 0; layer < layers; layer++) {
                made.add(new LayerOutputs(
                        backend.allocate(memory, DType.F32, capacity, hidden),
                        backend.allocate(memory, DType.F32, capacity, hidden)));
            }
            outputs = List.copyOf(made);
        }
    }

    private Arena requireSlots() {
        if (arena == null) {
            throw new IllegalStateException("a table without slots");
        }
        return arena;
    }

    /// Rows per layer.
    public int capacity() {
        return capacity;
    }

    /// Bytes held.
    public long byteSize() {
        return capacity * (keyValueBytes() + (outputs.isEmpty() ? 0 : outputBytes()) + (inputs == null ? 0 : inputBytes()));
    }

    /// Bytes of the keys and values of one position, over all layers.
    public long keyValueBytes() {
        return layers * DType.F32.bytes(2L * width);
    }

    /// Bytes of what layers added for one position.
    public long outputBytes() {
        return layers * DType.F32.bytes(2L * hidden);
    }

    /// Bytes of the soft part of one position's input.
    public long inputBytes() {
        return DType.F32.bytes(hidden);
    }

    /// What one layer added to the residual stream.
    ///
    /// @throws IllegalStateException if [#requireOutputs] has not made room
    LayerOutputs outputs(int layer) {
        if (outputs.isEmpty()) {
            throw new IllegalStateException("a table without room for what layers add");
        }
        return outputs.get(layer);
    }

    /// Soft parts of inputs by slot, `[slots, hidden]`.
    ///
    /// @throws IllegalStateException if [#requireInputs] has not made room
    Tensor inputs() {
        if (inputs == null) {
            throw new IllegalStateException("a table without room for soft inputs");
        }
        return inputs;
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
        inputs = null;
        outputs = List.of();
        capacity = 0;
    }
}
