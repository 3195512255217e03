package dev.dllm.tokenizer;

/// How much longer a file can make a text. A few replacements of one letter by two, one after the other, would
/// otherwise exhaust memory on a single word.
final class Growth {
    /// Published files replace single characters by single characters.
    private static final long MAX = 64;

    private Growth() {}

    /// The growth of one step after another.
    static long times(long first, long second) {
        return Math.min(first, 1 << 20) * Math.min(second, 1 << 20);
    }

    /// Refuses a stage that can make a text too long.
    ///
    /// @param where what messages call the stage
    static void check(String where, long growth) {
        if (growth > MAX) {
            throw TokenizerException.unaccepted(where, "replacements that can make a text more than " + MAX
                    + " times longer", "shorter or fewer replacements");
        }
    }
}
