package dev.dllm.kernels.vector;

import static dev.dllm.kernels.scalar.Softmax.SMALLEST_EXPONENT;
import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.F64;
import static dev.dllm.kernels.vector.Lanes.ORDER;
import static dev.dllm.kernels.vector.Reduction.BLOCK_BYTES;

import dev.dllm.kernels.tier.Kernels;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// The passes of a softmax on whole vectors. Maxima by compare and blend: `max` on vectors pays for Java's rules on NaN
/// and zeros, and here NaN is looked for separately.
final class SoftmaxLanes {
    /// From the sums of `e` to those of `e · t`.
    private static final long SECOND_SUMS = Kernels.PARTIALS * 8L;

    private SoftmaxLanes() {}

    /// The largest element; NaN if one is NaN or +∞.
    static float max(long x, long bytes) {
        FloatVector largest = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
        FloatVector broken = FloatVector.zero(F32);
        for (long end = x + bytes; x != end; x += BYTES) {
            FloatVector value = FloatVector.fromMemorySegment(F32, ALL, x, ORDER);
            broken = broken.blend(1, value.compare(VectorOperators.LT, Float.POSITIVE_INFINITY).not());
            largest = largest.blend(value, value.compare(VectorOperators.GT, largest));
        }
        return broken.reduceLanes(VectorOperators.ADD) == 0 ? largest.reduceLanes(VectorOperators.MAX) : Float.NaN;
    }

    /// The first index that holds `value`, or −1.
    static int indexOf(long x, long bytes, float value) {
        for (long i = 0; i != bytes; i += BYTES) {
            VectorMask<Float> found =
                    FloatVector.fromMemorySegment(F32, ALL, x + i, ORDER).compare(VectorOperators.EQ, value);
            if (found.anyTrue()) {
                return (int) (i / 4) + found.firstTrue();
            }
        }
        return -1;
    }

    /// Adds, in float64, exponentials `e` and products `e · t` of the part of every block of 16 elements that a vector
    /// covers to what `sums` holds.
    static void addSums(long e, long x, float max, float factor, long bytes, long sums) {
        long upper = sums + BYTES;
        DoubleVector sumLow = DoubleVector.fromMemorySegment(F64, ALL, sums, ORDER);
        DoubleVector sumHigh = DoubleVector.fromMemorySegment(F64, ALL, upper, ORDER);
        DoubleVector secondLow = DoubleVector.fromMemorySegment(F64, ALL, sums + SECOND_SUMS, ORDER);
        DoubleVector secondHigh = DoubleVector.fromMemorySegment(F64, ALL, upper + SECOND_SUMS, ORDER);
        for (long end = x + bytes; x != end; x += BLOCK_BYTES, e += BLOCK_BYTES) {
            FloatVector t = FloatVector.fromMemorySegment(F32, ALL, x, ORDER).sub(max).mul(factor);
            t = t.blend(SMALLEST_EXPONENT, t.compare(VectorOperators.LT, SMALLEST_EXPONENT));
            FloatVector power = FloatVector.fromMemorySegment(F32, ALL, e, ORDER);
            FloatVector second = power.mul(t);
            sumLow = sumLow.add(power.convertShape(VectorOperators.F2D, F64, 0));
            sumHigh = sumHigh.add(power.convertShape(VectorOperators.F2D, F64, 1));
            secondLow = secondLow.add(second.convertShape(VectorOperators.F2D, F64, 0));
            secondHigh = secondHigh.add(second.convertShape(VectorOperators.F2D, F64, 1));
        }
        sumLow.intoMemorySegment(ALL, sums, ORDER);
        sumHigh.intoMemorySegment(ALL, upper, ORDER);
        secondLow.intoMemorySegment(ALL, sums + SECOND_SUMS, ORDER);
        secondHigh.intoMemorySegment(ALL, upper + SECOND_SUMS, ORDER);
    }
}
