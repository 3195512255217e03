package dev.dllm.kernels.tier;

import dev.dllm.runtime.DType;
import java.util.Arrays;

/// Starts on kernels that are fast at once and moves to kernels that are faster in the end, one by one.
///
/// A vector kernel runs a thousand times slower than it will until the JIT has compiled it, and real work would take
/// seconds to get it there. So a background thread ([WarmUp]) exercises each kernel that has seen some work until it
/// beats the first tier; only then does real work go there. A process that ends before is better off without. Since all
/// tiers give the same bits, results do not depend on when.
public final class WarmingKernels implements Kernels {
    /// Work of one kernel, in nanoseconds of the first tier, from which on the other tier is worth its compilation.
    private static final long WORTH_NANOS = 200_000_000;
    /// What the first tier takes for an element, roughly: a multiply-add, an exponential, anything else.
    private static final double PRODUCT_NANOS = 0.25;
    private static final int EXP_NANOS = 6;
    private static final int OTHER_NANOS = 1;

    private final Kernels best;
    private final WarmUp warmUp;
    /// What runs each primitive now. Read without synchronisation: an old value is as good as a new one.
    private final Kernels[] current = new Kernels[Primitive.values().length];
    /// How long each primitive has run. Racy on purpose too: a lost addition does no harm, nor does asking twice.
    private final long[] spent = new long[current.length];
    private final boolean[] requested = new boolean[current.length];

    /// @param first usable from the first call on
    /// @param best  to be used once it is faster; has the same panels
    public WarmingKernels(Kernels first, Kernels best) {
        this.best = best;
        Arrays.fill(current, first);
        this.warmUp = new WarmUp(first, best, primitive -> current[primitive.ordinal()] = best);
    }

    private Kernels tier(Primitive primitive, long nanos) {
        int i = primitive.ordinal();
        if (!requested[i]) {
            spent[i] += nanos;
            if (spent[i] > WORTH_NANOS) {
                requested[i] = true;
                warmUp.request(primitive);
            }
        }
        return current[i];
    }

    @Override
    public String description() {
        return best.description();
    }

    @Override
    public int panelRows() {
        return best.panelRows();
    }

    @Override
    public void product(DType storage, int rows, long c, long cStride, long a, long panel, int words) {
        tier(Primitive.product(storage, rows), productNanos(storage, rows, words))
                .product(storage, rows, c, cStride, a, panel, words);
    }

    @Override
    public void transpose(long out, int width, long in, long inStride, int rows, int words, long scratch) {
        tier(Primitive.TRANSPOSE, (long) rows * words * OTHER_NANOS)
                .transpose(out, width, in, inStride, rows, words, scratch);
    }

    @Override
    public void widenHalves(long out, long panel, int words) {
        tier(Primitive.WIDEN_HALVES, (long) words * best.panelRows() * OTHER_NANOS).widenHalves(out, panel, words);
    }

    @Override
    public void add(long out, long a, long b, int n) {
        tier(Primitive.ADD, (long) n * OTHER_NANOS).add(out, a, b, n);
    }

    @Override
    public void guide(long out, long conditional, long unconditional, float factor, int n) {
        tier(Primitive.GUIDE, (long) n * OTHER_NANOS).guide(out, conditional, unconditional, factor, n);
    }

    @Override
    public void multiply(long out, long a, long b, int n) {
        tier(Primitive.MULTIPLY, (long) n * OTHER_NANOS).multiply(out, a, b, n);
    }

    @Override
    public void scale(long x, float factor, int n) {
        tier(Primitive.SCALE, (long) n * OTHER_NANOS).scale(x, factor, n);
    }

    @Override
    public void addScaled(long out, float factor, long x, int n) {
        tier(Primitive.ADD_SCALED, (long) n * OTHER_NANOS).addScaled(out, factor, x, n);
    }

    @Override
    public void swiglu(long out, long gate, long up, int n, long scratch) {
        tier(Primitive.SWIGLU, (long) n * EXP_NANOS).swiglu(out, gate, up, n, scratch);
    }

    @Override
    public float sumSquares(long x, int n, long scratch) {
        return tier(Primitive.SUM_SQUARES, (long) n * OTHER_NANOS).sumSquares(x, n, scratch);
    }

    @Override
    public float addSumSquares(long residual, long x, int n, long scratch) {
        return tier(Primitive.ADD_SUM_SQUARES, (long) n * OTHER_NANOS).addSumSquares(residual, x, n, scratch);
    }

    @Override
    public void normalize(long out, long x, float factor, long weight, int n) {
        tier(Primitive.NORMALIZE, (long) n * OTHER_NANOS).normalize(out, x, factor, weight, n);
    }

    @Override
    public void rotate(long x, long cos, long sin, int half) {
        tier(Primitive.ROTATE, (long) half * OTHER_NANOS).rotate(x, cos, sin, half);
    }

    @Override
    public float max(long x, int n) {
        return tier(Primitive.MAX, (long) n * OTHER_NANOS).max(x, n);
    }

    @Override
    public int indexOf(long x, int n, float value) {
        return tier(Primitive.INDEX_OF, (long) n * OTHER_NANOS).indexOf(x, n, value);
    }

    @Override
    public float expSum(long x, int n, float max, long scratch) {
        return tier(Primitive.EXP_SUM, (long) n * EXP_NANOS).expSum(x, n, max, scratch);
    }

    @Override
    public void expSums(long x, int n, float max, float factor, long sums, long scratch) {
        tier(Primitive.EXP_SUMS, (long) n * EXP_NANOS).expSums(x, n, max, factor, sums, scratch);
    }

    private long productNanos(DType storage, int rows, int words) {
        return (long) ((double) rows * words * (Float.BYTES / storage.blockBytes()) * best.panelRows() * PRODUCT_NANOS);
    }
}
