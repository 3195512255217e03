package dev.dllm.runtime;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The op vocabulary that models are written in and backends implement. Destination first; `r` is rows.
///
/// - Activations are F32. Weights have any type that the backend's [Backend#multiplies] accepts.
/// - Tiling, threads, streams and packing are a backend's own business. Every output row has one owner and one order of
///   summation that depends on that row alone, so the bits of a row do not depend on the batch or on the number of workers.
///   Only [#route] looks at neighbours, where it is told to.
/// - Where a default method is given, it is the definition; an override must compute the same.
/// - A destination may be the same view as a source only where that is said. Any other overlap is an error of the caller.
/// - Ops may return before the work is done; [Backend#download] and the ops that write host arrays wait.
///
/// Operands are checked by [CheckedOps], which every [Backends#open]ed backend is wrapped in; implementations assume them.
/// Several threads may call the ops of one backend: they take turns.
public interface Ops {

    /// Copies row `ids[i]` of `table` to row `i` of `out`, widened to F32.
    ///
    /// - `out` `[r, h]` F32; `table` `[v, h]` any weight type but I8; `ids` r numbers in `[0, v)`
    void embed(Tensor out, Tensor table, Indices ids);

    /// The embedding that logits expect: `out[i] = scale · Σ_v softmax(logits[i])_v · table[v]`. An input between tokens.
    ///
    /// - `out` `[r, h]` F32; `table` `[v, h]` any weight type but I8; `logits` `[r, v]` F32, not changed; `scale` finite
    ///
    /// Exponentials in float32 or better; their total in float64; each output is one chain of f32 fused multiply-adds in
    /// ascending `v`, starting at 0. A row that holds NaN or +∞, or −∞ alone, gives NaN.
    void embedExpected(Tensor out, Tensor table, Tensor logits, float scale);

    /// Matrix product with a transposed weight: `out = x · wᵀ`, times the scales, plus the bias.
    ///
    /// - `out` `[r, n]` F32; `x` `[r, k]` F32; `w` `[n, k]`; `bias` `[1, n]` F32 or null
    ///
    /// Each output is one chain of f32 fused multiply-adds in ascending `k`, starting at 0; then one multiplication by its
    /// scale if there are scales; then one addition of its bias if there is a bias. So it has the same bits for any `r` and
    /// either storage form of the weight.
    void linear(Tensor out, Tensor x, Weight w, @Nullable Tensor bias);

    /// Normalises each run of `weight.cols()` columns by its root mean square, then scales by `weight`.
    ///
    /// - `out`, `x` `[r, g · h]` F32 with any whole `g` (one for a hidden state, the heads for a query/key norm); `out` may
    ///   be `x`
    /// - `weight` `[1, h]`, any type but I8 and I32; `eps` is added to the mean of squares
    ///
    /// @see "Zhang & Sennrich 2019, arXiv:1910.07467"
    void rmsNorm(Tensor out, Tensor x, Tensor weight, float eps);

    /// `residual += x`, then [#rmsNorm] of the residual.
    ///
    /// - `out`, `residual`, `x` `[r, h]` F32; `out` may be `x`
    default void addRmsNorm(Tensor out, Tensor residual, Tensor x, Tensor weight, float eps) {
        add(residual, residual, x);
        rmsNorm(out, residual, weight, eps);
    }

    /// Rotary position embedding, half-split pairing, in place: with rotary width `w` and `i < w/2`, element `i` and
    /// `i + w/2` of each head rotate by the row's angle `i`; elements from `w` on pass through.
    ///
    /// - `x` `[r, heads · headDim]` F32
    /// - `angles` `[r, w]` F32 with even `w ≤ headDim`: the cosines of the row's `w/2` angles, then the sines
    ///
    /// @see "Su et al. 2021, arXiv:2104.09864"
    void rope(Tensor x, int headDim, Tensor angles);

    /// Scaled dot-product attention with grouped heads: query head `j` uses key head `⌊j / (heads / kvHeads)⌋`.
    ///
    /// - `out`, `q` `[r, heads · headDim]` F32, not the same
    /// - `tables` one entry per sequence of this layer, `[slots, kvHeads · headDim]` F32, all equally wide
    /// - `groups` cover rows 0 … r−1 in order, each row once; a row sees exactly the slots of its group
    /// - `scale` factor on the dot products before the softmax
    void attention(Tensor out, Tensor q, int headDim, List<KeyValues> tables, List<KeyGroup> groups, float scale);

    /// Chooses experts per row, see [RouterSpec].
    ///
    /// - `ids` `[r, k]` I32 and `gates` `[r, k]` F32, written in descending order of choice score; `k = spec.topK()`
    /// - `logits` `[r, e]` F32; `bias` `[1, e]` F32 or null
    /// - `blocks` the first row of each routing block, ascending from 0; a block ends where the next one starts. Read only if
    ///   `spec.capacity() > 0`, and then the bits of a row depend on the rows of its block
    ///
    /// Rows with NaNs get ids in range and gates that are NaN; they have no say in what their block admits.
    void route(
            Tensor ids, Tensor gates, Tensor logits, @Nullable Tensor bias, RouterSpec spec, Indices blocks);

    /// Sum over the chosen experts of gate times expert: `out[i] = Σ_j gates[i, j] · expert(ids[i, j])(x[i])`, summed in
    /// ascending `j` in f32, starting at 0.
    ///
    /// - `out`, `x` `[r, h]` F32, not the same; `ids` `[r, k]` I32 in `[0, experts)`; `gates` `[r, k]` F32
    ///
    /// The products inside an expert have the bits of [#linear] and [#swiglu].
    void experts(Tensor out, Tensor x, Tensor ids, Tensor gates, ExpertWeights weights);

    /// `out = silu(gate) ⊙ up`, `silu(z) = z / (1 + e^−z)`.
    ///
    /// - all `[r, f]` F32; `out` may be `gate` or `up`
    ///
    /// @see "Shazeer 2020, arXiv:2002.05202"
    void swiglu(Tensor out, Tensor gate, Tensor up);

    /// `out = a + b`, all `[r, h]` F32; `out` may be `a` or `b`.
    void add(Tensor out, Tensor a, Tensor b);

    /// Classifier-free guidance: `out = unconditional + (scale + 1) · (conditional − unconditional)`.
    ///
    /// - all `[r, v]` F32; `out` may be `conditional` or `unconditional`
    /// - `scale` finite; 0 for the conditional logits, −1 for the unconditional ones
    ///
    /// Four float32 operations, each rounded on its own: the sum `scale + 1`, the difference, the product, the sum. So all
    /// backends agree to the bit, and the two special scales hold up to rounding. A logit that is −∞ in both is NaN after.
    ///
    /// @see "Ho & Salimans 2022, arXiv:2207.12598; LLaDA generate.py (cfg_scale)"
    void guide(Tensor out, Tensor conditional, Tensor unconditional, float scale);

    /// Row `i` of `out` becomes row `rows[i]` of `src`. All F32, `rows` in `[0, src.rows())`.
    void gatherRows(Tensor out, Tensor src, Indices rows);

    /// Row `rows[i]` of `out` becomes row `i` of `src`. All F32, `rows` distinct, in `[0, out.rows())`.
    void scatterRows(Tensor out, Tensor src, Indices rows);

    /// A token and its confidences per row of logits, see [ProposalSpec]. Waits for the result.
    ///
    /// - `out` room for r rows; entry `i` belongs to row `i`; its tokens are in `[0, v)` if `spec.draw()` is GIVEN
    /// - `logits` `[r, v]` F32, not changed
    /// - `keys` r keys of [Noise#key], starting at `keys[0]`; read only if `spec.draw()` is SAMPLE
    ///
    /// Exponentials in float32 or better, sums in float64.
    void propose(Proposals out, Tensor logits, ProposalSpec spec, long[] keys);
}
