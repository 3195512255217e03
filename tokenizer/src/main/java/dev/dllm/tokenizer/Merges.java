package dev.dllm.tokenizer;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/// Which pairs of adjacent tokens merge, how early, and into what: a hash table from id pairs to ranks. Immutable once
/// filled.
final class Merges {
    private static final long FREE = -1;

    /// Mixed into every hash, so that no file can aim at collisions.
    private final long seed = ThreadLocalRandom.current().nextLong();
    private final long[] pairs;
    private final int[] ranks;
    private final int mask;
    private final int[] mergedIds;

    /// A table for ranks below `count`.
    Merges(int count) {
        int capacity = Integer.highestOneBit(Math.max(count, 4)) * 4;
        pairs = new long[capacity];
        Arrays.fill(pairs, FREE);
        ranks = new int[capacity];
        mask = capacity - 1;
        mergedIds = new int[count];
    }

    /// Adds a merge; a later rank for the same pair replaces the earlier one.
    void put(int left, int right, int rank, int mergedId) {
        long pair = pair(left, right);
        int slot = slot(pair);
        while (pairs[slot] != FREE && pairs[slot] != pair) {
            slot = slot + 1 & mask;
        }
        pairs[slot] = pair;
        ranks[slot] = rank;
        mergedIds[rank] = mergedId;
    }

    /// The rank of a pair, lower merges first; -1 if it does not merge.
    int rank(int left, int right) {
        long pair = pair(left, right);
        int slot = slot(pair);
        while (pairs[slot] != pair) {
            if (pairs[slot] == FREE) {
                return -1;
            }
            slot = slot + 1 & mask;
        }
        return ranks[slot];
    }

    /// The id that a merge of this rank makes.
    int mergedId(int rank) {
        return mergedIds[rank];
    }

    private static long pair(int left, int right) {
        return (long) left << 32 | right;
    }

    /// The finalizer of MurmurHash3.
    private int slot(long pair) {
        long h = pair ^ seed;
        h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
        h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
        return (int) (h ^ h >>> 33) & mask;
    }
}
