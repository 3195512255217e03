package dev.dllm.kernels.scalar;

import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.Native;
import dev.dllm.runtime.DType;

/// Every kernel in plain Java.
///
/// @param panelRows as [Kernels#panelRows()]; any multiple of 4 will do
public record ScalarKernels(int panelRows) implements Kernels {

    @Override
    public String description() {
        return "scalar kernels";
    }

    @Override
    public void product(DType storage, int rows, long c, long cStride, long a, long panel, int words) {
        Products.product(storage, rows, c, cStride, a, panel, panelRows, words);
    }

    @Override
    public void transpose(long out, int width, long in, long inStride, int rows, int words, long scratch) {
        Transpose.transpose(out, width * 4L, width, in, inStride, rows, words);
    }

    @Override
    public void widenHalves(long out, long panel, int words) {
        Unpack.widenHalves(out, panel, panelRows, words);
    }

    @Override
    public void add(long out, long a, long b, int n) {
        Elementwise.add(out, a, b, 0, n);
    }

    @Override
    public void guide(long out, long conditional, long unconditional, float factor, int n) {
        Elementwise.guide(out, conditional, unconditional, factor, 0, n);
    }

    @Override
    public void multiply(long out, long a, long b, int n) {
        Elementwise.multiply(out, a, b, 0, n);
    }

    @Override
    public void scale(long x, float factor, int n) {
        Elementwise.scale(x, factor, 0, n);
    }

    @Override
    public void addScaled(long out, float factor, long x, int n) {
        Elementwise.addScaled(out, factor, x, 0, n);
    }

    @Override
    public void swiglu(long out, long gate, long up, int n, long scratch) {
        Elementwise.swiglu(out, gate, up, 0, n);
    }

    @Override
    public float sumSquares(long x, int n, long scratch) {
        Native.zero(scratch, PARTIALS);
        Norm.sumSquares(x, 0, n, scratch);
        return Norm.total(scratch);
    }

    @Override
    public float addSumSquares(long residual, long x, int n, long scratch) {
        Elementwise.add(residual, residual, x, 0, n);
        return sumSquares(residual, n, scratch);
    }

    @Override
    public void normalize(long out, long x, float factor, long weight, int n) {
        Norm.normalize(out, x, factor, weight, 0, n);
    }

    @Override
    public void rotate(long x, long cos, long sin, int half) {
        Elementwise.rotate(x, cos, sin, half, 0);
    }

    @Override
    public float max(long x, int n) {
        return Softmax.max(x, 0, n, Float.NEGATIVE_INFINITY);
    }

    @Override
    public int indexOf(long x, int n, float value) {
        return Softmax.indexOf(x, 0, n, value);
    }

    @Override
    public float expSum(long x, int n, float max, long scratch) {
        Native.zero(scratch, PARTIALS);
        Softmax.expSum(x, 0, n, max, scratch);
        return Norm.total(scratch);
    }

    @Override
    public void expSums(long x, int n, float max, float factor, long sums, long scratch) {
        Softmax.expSums(x, 0, n, max, factor, sums);
    }
}
