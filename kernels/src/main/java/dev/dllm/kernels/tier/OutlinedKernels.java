package dev.dllm.kernels.tier;

import dev.dllm.runtime.DType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Kernels that the JIT compiles one by one, never as a part of what calls them.
///
/// A method with several kernels inlined becomes too large for C2 in the middle of one of them, and the rest of that
/// kernel, inlined out of order, then allocates its vectors. C2 inlines what a method handle leads to only if the handle
/// is a constant. These are not: their fields are not final. The detour takes some nanoseconds.
///
/// Thread-safe, as the kernels are.
public final class OutlinedKernels implements Kernels {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    private final Kernels kernels;
    private MethodHandle product = find(
            "product", void.class, DType.class, int.class, long.class, long.class, long.class, long.class, int.class);
    private MethodHandle transpose = find(
            "transpose", void.class, long.class, int.class, long.class, long.class, int.class, int.class, long.class);
    private MethodHandle widenHalves = find("widenHalves", void.class, long.class, long.class, int.class);
    private MethodHandle add = find("add", void.class, long.class, long.class, long.class, int.class);
    private MethodHandle multiply = find("multiply", void.class, long.class, long.class, long.class, int.class);
    private MethodHandle scale = find("scale", void.class, long.class, float.class, int.class);
    private MethodHandle addScaled = find("addScaled", void.class, long.class, float.class, long.class, int.class);
    private MethodHandle guide = find("guide", void.class, long.class, long.class, long.class, float.class, int.class);
    private MethodHandle swiglu = find("swiglu", void.class, long.class, long.class, long.class, int.class, long.class);
    private MethodHandle sumSquares = find("sumSquares", float.class, long.class, int.class, long.class);
    private MethodHandle addSumSquares = find(
            "addSumSquares", float.class, long.class, long.class, int.class, long.class);
    private MethodHandle normalize = find(
            "normalize", void.class, long.class, long.class, float.class, long.class, int.class);
    private MethodHandle rotate = find("rotate", void.class, long.class, long.class, long.class, int.class);
    private MethodHandle max = find("max", float.class, long.class, int.class);
    private MethodHandle indexOf = find("indexOf", int.class, long.class, int.class, float.class);
    private MethodHandle expSum = find("expSum", float.class, long.class, int.class, float.class, long.class);
    private MethodHandle expSums = find(
            "expSums", void.class, long.class, int.class, float.class, float.class, long.class, long.class);

    public OutlinedKernels(Kernels kernels) {
        this.kernels = kernels;
    }

    private static MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
        try {
            return LOOKUP.findVirtual(Kernels.class, name, MethodType.methodType(result, parameters));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /// What a kernel threw, to be thrown on; it declares nothing that is checked.
    private static RuntimeException unchecked(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown;
    }

    @Override
    public String description() {
        return kernels.description();
    }

    @Override
    public int panelRows() {
        return kernels.panelRows();
    }

    @Override
    public void product(DType storage, int rows, long c, long cStride, long a, long panel, int words) {
        try {
            product.invokeExact(kernels, storage, rows, c, cStride, a, panel, words);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void transpose(long out, int width, long in, long inStride, int rows, int words, long scratch) {
        try {
            transpose.invokeExact(kernels, out, width, in, inStride, rows, words, scratch);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void widenHalves(long out, long panel, int words) {
        try {
            widenHalves.invokeExact(kernels, out, panel, words);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void add(long out, long a, long b, int n) {
        try {
            add.invokeExact(kernels, out, a, b, n);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void multiply(long out, long a, long b, int n) {
        try {
            multiply.invokeExact(kernels, out, a, b, n);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void scale(long x, float factor, int n) {
        try {
            scale.invokeExact(kernels, x, factor, n);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void addScaled(long out, float factor, long x, int n) {
        try {
            addScaled.invokeExact(kernels, out, factor, x, n);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void guide(long out, long conditional, long unconditional, float factor, int n) {
        try {
            guide.invokeExact(kernels, out, conditional, unconditional, factor, n);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void swiglu(long out, long gate, long up, int n, long scratch) {
        try {
            swiglu.invokeExact(kernels, out, gate, up, n, scratch);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public float sumSquares(long x, int n, long scratch) {
        try {
            return (float) sumSquares.invokeExact(kernels, x, n, scratch);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public float addSumSquares(long residual, long x, int n, long scratch) {
        try {
            return (float) addSumSquares.invokeExact(kernels, residual, x, n, scratch);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void normalize(long out, long x, float factor, long weight, int n) {
        try {
            normalize.invokeExact(kernels, out, x, factor, weight, n);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void rotate(long x, long cos, long sin, int half) {
        try {
            rotate.invokeExact(kernels, x, cos, sin, half);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public float max(long x, int n) {
        try {
            return (float) max.invokeExact(kernels, x, n);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public int indexOf(long x, int n, float value) {
        try {
            return (int) indexOf.invokeExact(kernels, x, n, value);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public float expSum(long x, int n, float max, long scratch) {
        try {
            return (float) expSum.invokeExact(kernels, x, n, max, scratch);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }

    @Override
    public void expSums(long x, int n, float max, float factor, long sums, long scratch) {
        try {
            expSums.invokeExact(kernels, x, n, max, factor, sums, scratch);
        } catch (Throwable thrown) {
            throw unchecked(thrown);
        }
    }
}
