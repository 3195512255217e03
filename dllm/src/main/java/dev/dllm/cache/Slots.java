package dev.dllm.cache;

import java.util.Arrays;
import java.util.BitSet;

/// Sets of slots as the ranges that rows see.
final class Slots {

    private Slots() {}

    /// `start, end, start, end, …`, ascending.
    static int[] ranges(BitSet slots) {
        int[] ranges = new int[2 * slots.cardinality()];
        int count = 0;
        for (int start = slots.nextSetBit(0); start >= 0; start = slots.nextSetBit(ranges[count - 1])) {
            ranges[count] = start;
            ranges[count + 1] = slots.nextClearBit(start);
            count += 2;
        }
        return Arrays.copyOf(ranges, count);
    }
}
