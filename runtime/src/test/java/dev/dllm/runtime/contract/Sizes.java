package dev.dllm.runtime.contract;

/// Widths that break kernels: 1, and around every multiple of 4, 8 and 16 lanes and of three such vectors.
final class Sizes {
    static final int[] AWKWARD = {
        1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 63, 65, 97, 193
    };

    /// Counts of rows around every plausible tile.
    static final int[] ROWS = {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 16, 17, 33};

    private Sizes() {}
}
