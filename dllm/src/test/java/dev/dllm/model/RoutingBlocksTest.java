package dev.dllm.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.decode.DecodeSettings;
import dev.dllm.decode.Decoding;
import dev.dllm.runtime.RouterSpec;
import dev.dllm.runtime.RouterSpec.Scoring;
import dev.dllm.runtime.contract.ReferenceBackend;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which lengths of routing blocks fit together.
class RoutingBlocksTest {

    @Test
    void aCapacityNeedsBlocksAndBlocksNeedACapacity() {
        assertEquals(0, new FeedForwardShape.Experts(8, 4, 0, router(0)).routingBlockLength());
        assertEquals(4, experts(4).routingBlockLength());
        refused("capacity 3 with routing blocks of 0", () -> new FeedForwardShape.Experts(8, 4, 0, router(3)));
        refused("capacity 0 with routing blocks of 4", () -> new FeedForwardShape.Experts(8, 4, 0, router(0), 4));
        refused("capacity 0 with routing blocks of -4", () -> new FeedForwardShape.Experts(8, 4, 0, router(0), -4));
    }

    @Test
    void theLayersOfAModelShareOneLength() {
        FeedForwardShape dense = new FeedForwardShape.Dense(4);
        assertEquals(0, transformer(dense).routingBlockLength());
        assertEquals(4, transformer(dense, experts(4), experts(4)).routingBlockLength());
        refused("different lengths [4, 8]", () -> transformer(experts(4), dense, experts(8)));
    }

    /// The block behind would change which experts a finished position passes.
    @Test
    void blocksThatAreDenoisedHoldWholeRoutingBlocks() {
        decode(8, new AttentionPattern.BlockCausal(8));
        decode(6, new AttentionPattern.Bidirectional());
        refused("block length 6 cuts the routing blocks of 4 positions; needs a multiple of 4",
                () -> decode(6, new AttentionPattern.BlockCausal(6)));
    }

    private static void decode(int blockLength, AttentionPattern attention) {
        ModelSpec spec = new ModelSpec(
                "routed", transformer(experts(4)), new AttentionPattern.BlockCausal(4), false, 19, new int[] {18});
        DecodeSettings settings = DecodeSettings.of(attention, 8, blockLength);
        try (ReferenceBackend backend = new ReferenceBackend();
                KvCache cache = new KvCache(backend, spec.transformer())) {
            new Decoding(new int[] {1}, settings, spec, List.of(cache));
        }
    }

    private static TransformerConfig transformer(FeedForwardShape... layers) {
        return new TransformerConfig(
                4, new AttentionShape(1, 1, 4, false, false), 20, false, 1e-6f, new Rope(10000, 2), List.of(layers), 1024);
    }

    private static FeedForwardShape experts(int routingBlockLength) {
        return new FeedForwardShape.Experts(8, 4, 0, router(3), routingBlockLength);
    }

    private static RouterSpec router(int capacity) {
        return new RouterSpec(Scoring.SIGMOID, 2, 1, 1, true, 1, capacity);
    }

    private static void refused(String part, Runnable action) {
        String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
