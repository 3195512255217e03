package dev.dllm.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a sequence's memory holds, and when it is gone.
class KvCacheTest {
    private static final TransformerConfig CONFIG = new TransformerConfig(
            6, new AttentionShape(2, 1, 4, false, false), 20, false, 1e-6f, new Rope(10000, 2),
            List.of(new FeedForwardShape.Dense(4), new FeedForwardShape.Dense(4), new FeedForwardShape.Dense(4)), 1024);

    @Test
    void bytesOfAllItsParts() {
        try (ReferenceBackend backend = new ReferenceBackend()) {
            KvCache cache = new KvCache(backend, CONFIG);
            assertEquals(0, cache.byteSize());
            cache.require(10);
            assertEquals(2 * 3 * 10 * 4 * 4, cache.byteSize());
            cache.requireOutputs();
            cache.requireOutputs();
            assertEquals(2 * 3 * 10 * (4 + 6) * 4, cache.byteSize());
            cache.requireInputs();
            cache.requireInputs();
            assertEquals(2 * 3 * 10 * (4 + 6) * 4 + 10 * 6 * 4, cache.byteSize());
            assertEquals(10, cache.inputs().rows());
            assertEquals(10, cache.outputs(2).feedForward().rows());
            cache.close();
            assertEquals(0, cache.byteSize());
        }
    }

    @Test
    void growthLosesEveryPart() {
        try (ReferenceBackend backend = new ReferenceBackend(); KvCache cache = new KvCache(backend, CONFIG)) {
            cache.require(10);
            cache.requireOutputs();
            cache.requireInputs();
            cache.require(9);
            assertEquals(10, cache.outputs(0).attention().rows());
            cache.require(11);
            assertEquals(2 * 3 * 11 * 4 * 4, cache.byteSize());
            assertThrows(IllegalStateException.class, cache::inputs);
            assertThrows(IllegalStateException.class, () -> cache.outputs(0));
        }
    }

    @Test
    void partsNeedSlots() {
        try (ReferenceBackend backend = new ReferenceBackend(); KvCache cache = new KvCache(backend, CONFIG)) {
            assertThrows(IllegalStateException.class, cache::requireInputs);
            assertThrows(IllegalStateException.class, cache::requireOutputs);
        }
    }
}
