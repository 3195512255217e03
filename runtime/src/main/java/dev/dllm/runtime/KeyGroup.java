package dev.dllm.runtime;

import java.util.Arrays;
import java.util.BitSet;

/// Consecutive query rows that see the same keys of the same sequence. What a row sees is a list of half-open slot ranges;
/// it replaces mask tensors: bidirectional, block-causal, causal, packed and gathered visibility are all of this form.
///
/// @param firstRow first query row
/// @param rowCount query rows, 1 or more
/// @param sequence which entry of the tables
/// @param ranges   `start, end, start, end, …`: ascending, disjoint, none empty; owned, not copied
public record KeyGroup(int firstRow, int rowCount, int sequence, int[] ranges) {

    public KeyGroup {
        if (firstRow < 0 || rowCount < 1 || sequence < 0) {
            throw new ShapeException("key group of %d rows from row %d of sequence %d"
                    .formatted(rowCount, firstRow, sequence));
        }
        if (ranges.length == 0 || ranges.length % 2 != 0) {
            throw new ShapeException("key group from row %d: needs pairs of start and end; found %d numbers"
                    .formatted(firstRow, ranges.length));
        }
        int last = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] < last || ranges[i + 1] <= ranges[i]) {
                throw new ShapeException("key group from row %d: range [%d, %d) is empty or starts before its predecessor's end %d"
                        .formatted(firstRow, ranges[i], ranges[i + 1], last));
            }
            last = ranges[i + 1];
        }
    }

    /// A set of slots in the form of `ranges`.
    public static int[] ranges(BitSet slots) {
        int[] ranges = new int[2 * slots.cardinality()];
        int count = 0;
        for (int start = slots.nextSetBit(0); start >= 0; start = slots.nextSetBit(ranges[count - 1])) {
            ranges[count] = start;
            ranges[count + 1] = slots.nextClearBit(start);
            count += 2;
        }
        return Arrays.copyOf(ranges, count);
    }

    /// The slots that each row sees.
    public BitSet slots() {
        BitSet slots = new BitSet(endSlot());
        for (int i = 0; i < ranges.length; i += 2) {
            slots.set(ranges[i], ranges[i + 1]);
        }
        return slots;
    }

    /// The end of the last range: a table needs at least so many slots.
    public int endSlot() {
        return ranges[ranges.length - 1];
    }

    /// How many keys each row sees.
    public int keyCount() {
        int count = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            count += ranges[i + 1] - ranges[i];
        }
        return count;
    }
}
