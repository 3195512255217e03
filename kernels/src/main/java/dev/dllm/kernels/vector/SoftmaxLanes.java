package dev.dllm.kernels.vector;

import static dev.dllm.kernels.scalar.Softmax.SMALLEST_EXPONENT;
import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.F32;
import static dev.dllm.kernels.vector.Lanes.F64;
import static dev.dllm.kernels.vector.Lanes.ORDER;
import static dev.dllm.kernels.vector.Reduction.BLOCK_BYTES;
import static jdk.incubator.vector.VectorOperators.F2D;

import dev.dllm.kernels.tier.Kernels;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// The passes of a softmax on whole vectors. Maxima by compare and blend: `max` on vectors pays for Java's rules on NaN
/// and zeros, and here NaN is looked for separately.
final class SoftmaxLanes {
    /// From the sums of the first elements to those of the second ones.
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

    /// `out = e · max((x − max) · factor, −104)`.
    static void weigh(long out, long e, long x, float max, float factor, long bytes) {
        for (long i = 0; i != bytes; i += BYTES) {
            FloatVector t = FloatVector.fromMemorySegment(F32, ALL, x + i, ORDER).sub(max).mul(factor);
            t.blend(SMALLEST_EXPONENT, t.compare(VectorOperators.LT, SMALLEST_EXPONENT))
                    .mul(FloatVector.fromMemorySegment(F32, ALL, e + i, ORDER))
                    .intoMemorySegment(ALL, out + i, ORDER);
        }
    }

    /// Adds, in float64, the part of every block of 16 elements that a vector covers to what `sums` holds; likewise for
    /// the elements `distance` bytes further on, to what `sums` holds after 16 doubles.
    ///
    /// Each half comes from a load of its own, so that half a vector after the last block is read too: to convert the
    /// upper half of a vector takes C2 as much as a dozen other operations.
    static void addSums(long x, long distance, long bytes, long sums) {
        long second = sums + SECOND_SUMS;
        DoubleVector low = DoubleVector.fromMemorySegment(F64, ALL, sums, ORDER);
        DoubleVector high = DoubleVector.fromMemorySegment(F64, ALL, sums + BYTES, ORDER);
        DoubleVector secondLow = DoubleVector.fromMemorySegment(F64, ALL, second, ORDER);
        DoubleVector secondHigh = DoubleVector.fromMemorySegment(F64, ALL, second + BYTES, ORDER);
        for (long end = x + bytes; x != end; x += BLOCK_BYTES) {
            long y = x + distance;
            low = low.add(FloatVector.fromMemorySegment(F32, ALL, x, ORDER).convertShape(F2D, F64, 0));
            high = high.add(FloatVector.fromMemorySegment(F32, ALL, x + BYTES / 2, ORDER).convertShape(F2D, F64, 0));
            secondLow = secondLow.add(FloatVector.fromMemorySegment(F32, ALL, y, ORDER).convertShape(F2D, F64, 0));
            secondHigh = secondHigh.add(
                    FloatVector.fromMemorySegment(F32, ALL, y + BYTES / 2, ORDER).convertShape(F2D, F64, 0));
        }
        low.intoMemorySegment(ALL, sums, ORDER);
        high.intoMemorySegment(ALL, sums + BYTES, ORDER);
        secondLow.intoMemorySegment(ALL, second, ORDER);
        secondHigh.intoMemorySegment(ALL, second + BYTES, ORDER);
    }
}
