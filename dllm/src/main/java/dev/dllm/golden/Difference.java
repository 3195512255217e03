package dev.dllm.golden;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds where two lists of ids part.
final class Difference {

    private Difference() {}

    /// @return a description of the first difference, or null if there is none
    static @Nullable String of(String what, int[] expected, int[] found) {
        int at = Arrays.mismatch(expected, found);
        if (at < 0) {
            return null;
        }
        return "%s at %d: expected %s, found %s".formatted(what, at, entry(expected, at), entry(found, at));
    }

    private static String entry(int[] ids, int at) {
        return at < ids.length ? Integer.toString(ids[at]) : "the end";
    }
}
