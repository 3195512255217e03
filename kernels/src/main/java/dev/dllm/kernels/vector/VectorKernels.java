package dev.dllm.kernels.vector;

import static dev.dllm.kernels.vector.Lanes.wholeBytes;

import dev.dllm.kernels.scalar.Elementwise;
import dev.dllm.kernels.scalar.Norm;
import dev.dllm.kernels.scalar.Softmax;
import dev.dllm.kernels.tier.Kernels;
import dev.dllm.kernels.tier.LaneWidth;
import dev.dllm.runtime.DType;
import dev.dllm.runtime.DeviceException;
import jdk.incubator.vector.VectorShape;

/// Every kernel on the Vector API, with scalar code for what whole vectors do not cover.
public record VectorKernels() implements Kernels {

    /// @throws DeviceException if [LaneWidth] forces vectors wider than this machine has
    public VectorKernels {
        int widest = VectorShape.S_Max_BIT.vectorBitSize();
        LaneWidth.forced().ifPresent(bits -> {
            if (bits > widest) {
                throw new DeviceException("system property %s=%d: the widest vectors of this machine have %d bits"
                        .formatted(LaneWidth.PROPERTY, bits, widest));
            }
        });
    }

    @Override
    public String description() {
        return Lanes.BITS + "-bit vectors";
    }

    @Override
    public int panelRows() {
        return Lanes.PANEL;
    }

    @Override
    public void product(DType storage, int rows, long c, long cStride, long a, long panel, int words) {
        switch (storage) {
            case F32 -> {
                switch (rows) {
                    case 1 -> F32Product.one(c, a, panel, words);
                    case 2 -> F32Product.two(c, cStride, a, panel, words);
                    default -> F32Product.four(c, cStride, a, panel, words);
                }
            }
            case BF16 -> {
                switch (rows) {
                    case 1 -> Bf16Product.one(c, a, panel, words);
                    case 2 -> Bf16Product.two(c, cStride, a, panel, words);
                    default -> Bf16Product.four(c, cStride, a, panel, words);
                }
            }
            case I8 -> {
                switch (rows) {
                    case 1 -> I8Product.one(c, a, panel, words);
                    case 2 -> I8Product.two(c, cStride, a, panel, words);
                    default -> I8Product.four(c, cStride, a, panel, words);
                }
            }
            default -> throw new AssertionError(storage);
        }
    }

    @Override
    public void transpose(long out, int width, long in, long inStride, int rows, int words, long scratch) {
        TransposeLanes.transpose(out, width, in, inStride, rows, words, scratch);
    }

    @Override
    public void widenHalves(long out, long panel, int words) {
        UnpackLanes.widenHalves(out, panel, words);
    }

    @Override
    public void add(long out, long a, long b, int n) {
        long bytes = wholeBytes(n);
        ElementwiseLanes.add(out, a, b, bytes);
        Elementwise.add(out, a, b, (int) (bytes / 4), n);
    }

    @Override
    public void guide(long out, long conditional, long unconditional, float factor, int n) {
        long bytes = wholeBytes(n);
        ElementwiseLanes.guide(out, conditional, unconditional, factor, bytes);
        Elementwise.guide(out, conditional, unconditional, factor, (int) (bytes / 4), n);
    }

    @Override
    public void multiply(long out, long a, long b, int n) {
        long bytes = wholeBytes(n);
        ElementwiseLanes.multiply(out, a, b, bytes);
        Elementwise.multiply(out, a, b, (int) (bytes / 4), n);
    }

    @Override
    public void scale(long x, float factor, int n) {
        long bytes = wholeBytes(n);
        ElementwiseLanes.scale(x, factor, bytes);
        Elementwise.scale(x, factor, (int) (bytes / 4), n);
    }

    @Override
    public void addScaled(long out, float factor, long x, int n) {
        long bytes = wholeBytes(n);
        ElementwiseLanes.addScaled(out, factor, x, bytes);
        Elementwise.addScaled(out, factor, x, (int) (bytes / 4), n);
    }

    @Override
    public void swiglu(long out, long gate, long up, int n, long scratch) {
        Exponentials.swiglu(out, gate, up, n, scratch);
    }

    @Override
    public float sumSquares(long x, int n, long scratch) {
        return Reduction.sumSquares(x, n, scratch);
    }

    @Override
    public float addSumSquares(long residual, long x, int n, long scratch) {
        return Reduction.addSumSquares(residual, x, n, scratch);
    }

    @Override
    public void normalize(long out, long x, float factor, long weight, int n) {
        long bytes = wholeBytes(n);
        NormLanes.normalize(out, x, factor, weight, bytes);
        Norm.normalize(out, x, factor, weight, (int) (bytes / 4), n);
    }

    @Override
    public void rotate(long x, long cos, long sin, int half) {
        long bytes = wholeBytes(half);
        ElementwiseLanes.rotate(x, half * 4L, cos, sin, bytes);
        Elementwise.rotate(x, cos, sin, half, (int) (bytes / 4));
    }

    @Override
    public float max(long x, int n) {
        long bytes = wholeBytes(n);
        float largest = SoftmaxLanes.max(x, bytes);
        float withTail = Softmax.max(x, (int) (bytes / 4), n, largest);
        return Float.isNaN(largest) ? largest : withTail;
    }

    @Override
    public int indexOf(long x, int n, float value) {
        long bytes = wholeBytes(n);
        int index = SoftmaxLanes.indexOf(x, bytes, value);
        return index >= 0 ? index : Softmax.indexOf(x, (int) (bytes / 4), n, value);
    }

    @Override
    public float expSum(long x, int n, float max, long scratch) {
        return Reduction.expSum(x, n, max, scratch);
    }

    @Override
    public void expSums(long x, int n, float max, float factor, long sums, long scratch) {
        Exponentials.expSums(x, n, max, factor, sums, scratch);
    }
}
