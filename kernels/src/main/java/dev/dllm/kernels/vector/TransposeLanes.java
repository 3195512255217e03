package dev.dllm.kernels.vector;

import static dev.dllm.kernels.tier.Native.ALL;
import static dev.dllm.kernels.vector.Lanes.BYTES;
import static dev.dllm.kernels.vector.Lanes.COUNT;
import static dev.dllm.kernels.vector.Lanes.I32;
import static dev.dllm.kernels.vector.Lanes.ORDER;

import dev.dllm.kernels.scalar.Transpose;
import jdk.incubator.vector.IntVector;

/// [dev.dllm.kernels.tier.Kernels#transpose] in square tiles of as many rows as a vector has lanes.
///
/// A tile is transposed by perfect shuffles: interleaving the first half of its vectors with the second half rotates
/// the bits of an element's index by one, and after log₂ lanes of them row and column have changed places. One small
/// loop serves every width; between shuffles a tile lies in the first-level cache.
final class TransposeLanes {
    /// Where the tile lies after every second shuffle.
    private static final long OTHER_HALF = COUNT * BYTES;

    private static final IntVector INTERLEAVE_LOW = interleave(0);
    private static final IntVector INTERLEAVE_HIGH = interleave(COUNT / 2);

    private TransposeLanes() {}

    static void transpose(long out, int width, long in, long inStride, int rows, int words, long scratch) {
        long outStride = width * 4L;
        int wholeRows = rows / COUNT * COUNT;
        int wholeWords = words / COUNT * COUNT;
        for (int row = 0; row < wholeRows; row += COUNT) {
            for (int word = 0; word < wholeWords; word += COUNT) {
                tile(out + word * outStride + row * 4L, outStride, in + row * inStride + word * 4L, inStride, scratch);
            }
        }
        if (wholeWords < words) {
            Transpose.transpose(out + wholeWords * outStride, outStride, wholeRows, in + wholeWords * 4L, inStride,
                    wholeRows, words - wholeWords);
        }
        if (wholeRows < width) {
            Transpose.transpose(out + wholeRows * 4L, outStride, width - wholeRows, in + wholeRows * inStride, inStride,
                    rows - wholeRows, words);
        }
    }

    private static void tile(long out, long outStride, long in, long inStride, long scratch) {
        long to = scratch;
        for (int shuffles = COUNT; shuffles > 2; shuffles /= 2) {
            shuffle(to, BYTES, in, inStride);
            in = to;
            inStride = BYTES;
            to = to == scratch ? scratch + OTHER_HALF : scratch;
        }
        shuffle(out, outStride, in, inStride);
    }

    private static void shuffle(long out, long outStride, long in, long inStride) {
        long half = COUNT / 2 * inStride;
        for (long end = in + half; in != end; in += inStride, out += 2 * outStride) {
            IntVector first = IntVector.fromMemorySegment(I32, ALL, in, ORDER);
            IntVector second = IntVector.fromMemorySegment(I32, ALL, in + half, ORDER);
            INTERLEAVE_LOW.selectFrom(first, second).intoMemorySegment(ALL, out, ORDER);
            INTERLEAVE_HIGH.selectFrom(first, second).intoMemorySegment(ALL, out + outStride, ORDER);
        }
    }

    /// Indices that take lanes `from`, `from + 1` … of two vectors in turn.
    private static IntVector interleave(int from) {
        int[] indices = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            indices[i] = from + i / 2 + i % 2 * COUNT;
        }
        return IntVector.fromArray(I32, indices, 0);
    }
}
