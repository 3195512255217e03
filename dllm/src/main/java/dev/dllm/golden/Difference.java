package dev.dllm.golden;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds where two lists of ids, or two texts, part.
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

    /// @return a description of the first difference, or null if there is none
    static @Nullable String of(String what, String expected, String found) {
        int at = Arrays.mismatch(expected.toCharArray(), found.toCharArray());
        if (at < 0) {
            return null;
        }
        return "%s at character %d: expected %s, found %s".formatted(what, at, from(expected, at), from(found, at));
    }

    /// The beginning of what stands from `at` on.
    private static String from(String text, int at) {
        String rest = text.substring(at, Math.min(text.length(), at + 20));
        return rest.isEmpty() ? "the end" : "'" + rest.replace("\n", "\\n") + "'";
    }

    private static String entry(int[] ids, int at) {
        return at < ids.length ? Integer.toString(ids[at]) : "the end";
    }
}
