package dev.dllm.runtime;

import java.util.List;

/// The feed-forward experts of one layer: expert `e` is `down[e] · (silu(gate[e] · x) ⊙ (up[e] · x))`.
///
/// @param gate one `[m, h]` per expert
/// @param up   one `[m, h]` per expert
/// @param down one `[h, m]` per expert
public record ExpertWeights(List<Weight> gate, List<Weight> up, List<Weight> down) {

    /// @throws ShapeException if the lists differ in length or the matrices in shape
    public ExpertWeights {
        gate = List.copyOf(gate);
        up = List.copyOf(up);
        down = List.copyOf(down);
        if (gate.isEmpty() || gate.size() != up.size() || gate.size() != down.size()) {
            throw new ShapeException("experts: %d gate, %d up, %d down matrices"
                    .formatted(gate.size(), up.size(), down.size()));
        }
        int m = gate.getFirst().rows();
        int h = gate.getFirst().cols();
        for (int e = 0; e < gate.size(); e++) {
            if (!shaped(gate.get(e), m, h) || !shaped(up.get(e), m, h) || !shaped(down.get(e), h, m)) {
                throw new ShapeException("expert %d: gate %s, up %s, down %s; needs [%d, %d] twice and [%d, %d]"
                        .formatted(e, gate.get(e), up.get(e), down.get(e), m, h, h, m));
            }
        }
    }

    /// Number of experts.
    public int count() {
        return gate.size();
    }

    /// Width `h` of a row going in and coming out.
    public int hidden() {
        return gate.getFirst().cols();
    }

    /// Width `m` inside an expert.
    public int width() {
        return gate.getFirst().rows();
    }

    private static boolean shaped(Weight w, int rows, int cols) {
        return w.rows() == rows && w.cols() == cols;
    }
}
