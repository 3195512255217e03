package dev.dllm.kernels.tier;

import dev.dllm.runtime.DType;

/// The arithmetic of the backend. Every operand is an address; a run of `n` floats starts there, any `n ≥ 0`, any
/// alignment.
///
/// Each kernel is defined to the bit, without reference to a lane width: single operations are rounded as Java rounds
/// them, fused where this says so, and sums have [#PARTIALS] partial sums whatever the hardware. So all tiers and all
/// lane widths give the same results, and one may take over from another at any moment.
///
/// Thread-safe: kernels have no state.
public interface Kernels {

    /// Partial sums of a reduction: element `i` goes to partial sum `i mod 16`; then, for 8, 4, 2, 1, the upper half is
    /// added to the lower half.
    int PARTIALS = 16;

    /// Bytes of memory that a caller provides where a kernel asks for scratch.
    int SCRATCH_BYTES = 4096;

    /// One line for [dev.dllm.runtime.Backend#description()].
    String description();

    /// P, the output channels that are computed side by side: a multiple of 6 that divides 48.
    int panelRows();

    /// The inner product of a matrix multiplication over one panel: `c[i][j] = fma(a[k][i], w[k][j], c[i][j])` for
    /// ascending `k`, all `i < rows`, all `j < P`.
    ///
    /// @param storage F32, BF16 or I8
    /// @param rows    1, 2 or 4
    /// @param c       `rows` runs of P floats
    /// @param cStride bytes from one of them to the next
    /// @param a       `[k][rows]` floats, `k` running over `words` times the elements in a word
    /// @param panel   `[words][P]` 32-bit words, see [dev.dllm.runtime.Weight]; unless they are F32, the three bytes
    ///                before them are read too
    void product(DType storage, int rows, long c, long cStride, long a, long panel, int words);

    /// Turns rows into columns, in 32-bit words: `out[k][i] = in[i][k]` for `i < rows`, zero for `rows ≤ i < width`.
    ///
    /// @param out      `[words][width]`
    /// @param in       the first of `rows` runs of `words` words
    /// @param inStride bytes from one of them to the next
    /// @param scratch  [#SCRATCH_BYTES]
    void transpose(long out, int width, long in, long inStride, int rows, int words, long scratch);

    /// Widens halves: word `k` of channel `j` becomes the floats `out[2k][j]` (from its lower half) and `out[2k +
    /// 1][j]`.
    ///
    /// @param out   `[2 · words][P]` floats
    /// @param panel `[words][P]` words of two F16 each
    void widenHalves(long out, long panel, int words);

    /// `out = a + b`; `out` may be either.
    void add(long out, long a, long b, int n);

    /// `out = unconditional + factor · (conditional − unconditional)`, not fused; `out` may be either.
    void guide(long out, long conditional, long unconditional, float factor, int n);

    /// `out = a · b`; `out` may be either.
    void multiply(long out, long a, long b, int n);

    /// `x = x · factor`.
    void scale(long x, float factor, int n);

    /// `out = fma(factor, x, out)`.
    void addScaled(long out, float factor, long x, int n);

    /// `out = gate / (1 + exp(−gate)) · up`, [Exp#exp]; `out` may be either.
    ///
    /// @param scratch [#SCRATCH_BYTES]
    void swiglu(long out, long gate, long up, int n, long scratch);

    /// Σ x², each step fused.
    ///
    /// @param scratch [#SCRATCH_BYTES]
    float sumSquares(long x, int n, long scratch);

    /// `residual += x`, then [#sumSquares] of the residual.
    float addSumSquares(long residual, long x, int n, long scratch);

    /// `out = (x · factor) · weight`; `out` may be `x`.
    void normalize(long out, long x, float factor, long weight, int n);

    /// Rotates `half` pairs `(x[i], x[i + half])` by angles: `(fma(a, cos, −(b · sin)), fma(a, sin, b · cos))`.
    void rotate(long x, long cos, long sin, int half);

    /// The largest element; −∞ if there is none, NaN if one is NaN or +∞.
    float max(long x, int n);

    /// The first index that holds `value`, or −1.
    int indexOf(long x, int n, float value);

    /// `x = exp(x − max)`, [Exp#exp], and the sum of that.
    ///
    /// @param scratch [#SCRATCH_BYTES]
    float expSum(long x, int n, float max, long scratch);

    /// With `t = max((x − max) · factor, −104)` and `e = exp(t)`: adds `e` to the first 16 doubles at `sums` and the
    /// float `e · t` to the 16 after them, element `i` to number `i mod 16`.
    ///
    /// @param scratch [#SCRATCH_BYTES]
    void expSums(long x, int n, float max, float factor, long sums, long scratch);
}
