package dev.dllm.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.dllm.runtime.ProposalSpec.ConfidenceFrom;
import dev.dllm.runtime.ProposalSpec.Draw;
import dev.dllm.runtime.ProposalSpec.FilterOrder;
import dev.dllm.runtime.RouterSpec.Scoring;
import org.junit.jupiter.api.Test;

/// The records that say what an op is to do.
class SpecTest {

    @Test
    void greedyIsArgMaxWithoutFilters() {
        ProposalSpec spec = ProposalSpec.greedy(7, 9);
        assertEquals(0, spec.temperature());
        assertEquals(0, spec.topK());
        assertEquals(1, spec.topP());
        assertEquals(Draw.ARGMAX, spec.draw());
        assertArrayEquals(new int[] {7, 9}, spec.suppressed());
        assertEquals(0, spec.unsure().length);
    }

    @Test
    void proposalNumbersOutOfRange() {
        for (float temperature : new float[] {-0.1f, Float.NaN, Float.POSITIVE_INFINITY}) {
            refused(() -> proposal(temperature, 0, 1), "temperature " + temperature);
        }
        refused(() -> proposal(1, -1, 1), "top-k -1");
        refused(() -> proposal(0, 0, 1, Draw.SAMPLE), "draw SAMPLE at temperature 0: needs a positive temperature");
        refused(() -> proposal(-0f, 0, 1, Draw.SAMPLE), "draw SAMPLE at temperature 0");
        proposal(Float.MIN_VALUE, 0, 1, Draw.SAMPLE);
        for (float topP : new float[] {0, -1, 1.01f, Float.NaN}) {
            refused(() -> proposal(1, 0, topP), "top-p " + topP);
        }
    }

    @Test
    void routerNumbersOutOfRange() {
        refused(() -> router(0, 1, 1), "router: top 0, 1 of 1 groups");
        refused(() -> router(1, 0, 1), "1 of 0 groups");
        refused(() -> router(1, 4, 5), "5 of 4 groups");
        refused(() -> router(1, 4, 0), "0 of 4 groups");
        refused(() -> admitting(3, 1, 2), "router: capacity 2 with top 3 and 1 groups; needs 0, or at least top-k");
        refused(() -> admitting(3, 1, -1), "capacity -1");
        refused(() -> admitting(3, 4, 8), "capacity 8 with top 3 and 4 groups");
        admitting(3, 1, 3);
    }

    @Test
    void threads() {
        assertEquals(3, new BackendOptions(3).resolvedThreads());
        assertEquals(Runtime.getRuntime().availableProcessors(), BackendOptions.defaults().resolvedThreads());
        refused(() -> new BackendOptions(-1), "threads -1");
        refused(() -> new BackendOptions(1025), "threads 1025: needs 1 to 1024");
    }

    @Test
    void proposalsHaveRoomForEachRow() {
        Proposals proposals = new Proposals(3);
        assertEquals(3, proposals.capacity());
        assertEquals(3, proposals.probability.length);
        assertEquals(3, proposals.margin.length);
        assertEquals(3, proposals.negativeEntropy.length);
    }

    private static void proposal(float temperature, int topK, float topP) {
        proposal(temperature, topK, topP, Draw.ARGMAX);
    }

    private static void proposal(float temperature, int topK, float topP, Draw draw) {
        new ProposalSpec(
                temperature, topK, topP, FilterOrder.TOP_K_FIRST, ConfidenceFrom.RAW, draw, new int[0], new int[0]);
    }

    private static void router(int topK, int groups, int topGroups) {
        new RouterSpec(Scoring.SIGMOID, topK, groups, topGroups, true, 1);
    }

    private static void admitting(int topK, int groups, int capacity) {
        new RouterSpec(Scoring.SIGMOID, topK, groups, groups, true, 1, capacity);
    }

    private static void refused(Runnable action, String part) {
        String message = assertThrows(IllegalArgumentException.class, action::run).getMessage();
        assertTrue(message.contains(part), message);
    }
}
