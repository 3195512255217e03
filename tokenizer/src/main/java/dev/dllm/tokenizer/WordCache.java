package dev.dllm.tokenizer;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The ids of words seen lately, at most [#SLOTS] of them. A word always has the same ids, so a lost update only
/// costs time. Thread-safe without locks.
final class WordCache {
    private static final int SLOTS = 1 << 13;
    /// Longer words are rare and would make the cache large.
    private static final int MAX_WORD_LENGTH = 64;

    private record Entry(String word, int[] ids) {}

    private final AtomicReferenceArray<@Nullable Entry> slots = new AtomicReferenceArray<>(SLOTS);

    /// The ids of `word` if they are still known, else null. Not to be changed by the caller.
    int @Nullable [] get(String word) {
        Entry entry = slots.get(slot(word));
        return entry != null && entry.word.equals(word) ? entry.ids : null;
    }

    /// Whether a word is short enough to be kept.
    static boolean accepts(String word) {
        return word.length() <= MAX_WORD_LENGTH;
    }

    /// Keeps an accepted word until another takes its place.
    void put(String word, int[] ids) {
        slots.set(slot(word), new Entry(word, ids));
    }

    private static int slot(String word) {
        int h = word.hashCode();
        return (h ^ h >>> 16) & SLOTS - 1;
    }
}
