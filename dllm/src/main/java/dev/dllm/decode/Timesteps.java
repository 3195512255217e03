package dev.dllm.decode;

/// Dream's clock: `steps` + 1 float32 moments from 1 down to 1e-3, as torch.linspace computes them.
///
/// @see "HKUNLP/Dream, generation_utils.py (_sample)"
final class Timesteps {
    private static final float END = 1e-3f;

    private Timesteps() {}

    /// The moment before call `i`.
    static float at(int i, int steps) {
        float step = (float) ((END - 1.0) / steps);
        return i < (steps + 1) / 2 ? 1 + step * i : END - step * (steps - i);
    }

    /// The share of masks that call `i` releases.
    static float released(int i, int steps) {
        return 1 - at(i + 1, steps) / at(i, steps);
    }
}
