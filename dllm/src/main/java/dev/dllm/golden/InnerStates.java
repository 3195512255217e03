package dev.dllm.golden;

import dev.dllm.checkpoint.Checkpoint;
import dev.dllm.model.ForwardProbe;
import dev.dllm.runtime.Backend;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Compares hidden states and router choices as a forward goes along, as far as the golden file holds them: hidden states and
/// router logits of the first sequence, choices of all.
final class InnerStates implements ForwardProbe {
    private static final float HIDDEN_TOLERANCE = 5e-4f;
    private static final float ROUTER_LOGIT_TOLERANCE = 5e-4f;
    private static final float GATE_TOLERANCE = 1e-4f;

    private final Checkpoint golden;
    private final Backend backend;
    private final int length;
    private @Nullable String difference;

    /// @param length positions per sequence
    InnerStates(Checkpoint golden, Backend backend, int length) {
        this.golden = golden;
        this.backend = backend;
        this.length = length;
    }

    /// The first difference, or null if there is none.
    @Nullable String difference() {
        return difference;
    }

    @Override
    public void embedded(Tensor x) {
        hidden("hidden.embed", x);
    }

    @Override
    public void layer(int layer, Tensor x) {
        hidden("hidden.layer." + layer, x);
    }

    @Override
    public void normalized(Tensor x) {
        hidden("hidden.final_norm", x);
    }

    @Override
    public void routed(int layer, Tensor ids, Tensor gates, Tensor logits) {
        String router = "router.layer." + layer + ".";
        compare(router + "logits", logits.rows(0, length), ROUTER_LOGIT_TOLERANCE);
        if (difference == null && golden.info(router + "expert_ids").isPresent()) {
            try (Arena arena = Arena.ofShared()) {
                choices(
                        router, golden.tensor(router + "expert_ids"), golden.tensor(router + "weights"),
                        host(arena, ids), host(arena, gates));
            }
        }
    }

    private void hidden(String name, Tensor x) {
        if (golden.info(name).isPresent()) {
            float magnitude = Math.max(1, TensorDifference.largestMagnitude(golden.tensor(name)));
            compare(name, x.rows(0, length), HIDDEN_TOLERANCE * magnitude);
        }
    }

    private void compare(String name, Tensor x, float tolerance) {
        if (difference == null && golden.info(name).isPresent()) {
            try (Arena arena = Arena.ofShared()) {
                difference = TensorDifference.of(name, golden.tensor(name), host(arena, x), tolerance);
            }
        }
    }

    /// Compares choices as sets: the order among the chosen is not significant.
    private void choices(String router, Tensor expectedIds, Tensor expectedGates, Tensor ids, Tensor gates) {
        for (int row = 0; row < expectedIds.rows() && difference == null; row++) {
            int[] expected = order(expectedIds, row);
            int[] found = order(ids, row);
            for (int i = 0; i < expected.length && difference == null; i++) {
                int expectedId = (int) expectedIds.get(row, expected[i]);
                int foundId = (int) ids.get(row, found[i]);
                float expectedGate = expectedGates.get(row, expected[i]);
                float foundGate = gates.get(row, found[i]);
                if (expectedId != foundId || !(Math.abs(expectedGate - foundGate) <= GATE_TOLERANCE)) {
                    difference = "%schoice of row %d: expected expert %d with %s, found %d with %s".formatted(
                            router, row, expectedId, expectedGate, foundId, foundGate);
                }
            }
        }
    }

    /// The columns of a row of ids in ascending order of id.
    private static int[] order(Tensor ids, int row) {
        Integer[] columns = new Integer[ids.cols()];
        Arrays.setAll(columns, i -> i);
        Arrays.sort(columns, (a, b) -> Float.compare(ids.get(row, a), ids.get(row, b)));
        return Arrays.stream(columns).mapToInt(Integer::intValue).toArray();
    }

    private Tensor host(Arena arena, Tensor x) {
        Tensor host = Tensor.of(x.dtype(), x.rows(), x.cols(), arena.allocate(x.byteSize(), DType.F32.blockBytes()));
        backend.download(host.segment(), x);
        return host;
    }
}
