package dev.dllm.cli;

/// Counts things in words.
final class Plural {

    private Plural() {}

    /// For example `1 network call`, `2 network calls`.
    ///
    /// @param one of them, in words whose plural takes an s
    static String of(long count, String one) {
        return count + " " + one + (count == 1 ? "" : "s");
    }
}
