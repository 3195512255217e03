package dev.dllm;

import java.util.Arrays;
import java.util.stream.IntStream;

/// A text in two parts: what is given, and what is measured behind it, scored or pooled. [LanguageModel#passage] makes them
/// from text. Immutable.
///
/// @param promptIds what is given; may be empty; owned, not copied
/// @param ids       what is measured; owned, not copied
public record Passage(int[] promptIds, int[] ids) {

    /// All ids of a text, of which the first `promptLength` are given.
    static Passage split(int[] ids, int promptLength) {
        return new Passage(Arrays.copyOf(ids, promptLength), Arrays.copyOfRange(ids, promptLength, ids.length));
    }

    /// Tokens of both parts.
    public int length() {
        return promptIds.length + ids.length;
    }

    /// The ids of both parts, in an array of its own.
    public int[] allIds() {
        return IntStream.concat(IntStream.of(promptIds), IntStream.of(ids)).toArray();
    }
}
