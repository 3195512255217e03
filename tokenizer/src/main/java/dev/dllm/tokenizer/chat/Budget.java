package dev.dllm.tokenizer.chat;

/// What one rendering may still use. Templates come with downloaded models; without limits a few characters of one
/// could keep a program busy for ever or exhaust its memory. Not thread-safe.
final class Budget {
    static final int MAX_VALUE_DEPTH = 64;
    static final int MAX_CALL_DEPTH = 100;
    static final int MAX_STEPS = 20_000_000;
    static final int MAX_OUTPUT = 1 << 24;
    /// Characters and items of all values that a rendering makes, beyond a multiple of its input.
    static final int MAX_ALLOCATION = 1 << 26;
    private static final int ALLOCATION_PER_INPUT = 16;
    /// What an item of a list takes, in characters.
    private static final int ALLOCATION_PER_ITEM = 4;
    /// Characters that may be looked at. An item of a list counts as sixteen, see [Extent].
    private static final long MAX_WORK = 1L << 30;

    private long steps = MAX_STEPS;
    private long work = MAX_WORK;
    private long allocation = MAX_ALLOCATION;
    private int calls;

    /// Grants more to a rendering of long messages.
    ///
    /// @param size characters and items of the input
    void input(long size) {
        allocation += ALLOCATION_PER_INPUT * size;
    }

    /// Counts one expression or statement.
    void step() {
        if (--steps < 0) {
            throw exceeded(MAX_STEPS + " steps");
        }
    }

    /// Counts a value of this many characters or items, before it is made.
    void allocate(long size) {
        allocation -= size;
        if (allocation < 0) {
            throw exceeded("values of " + MAX_ALLOCATION + " characters in all");
        }
    }

    /// Counts a value that holds this many items, before it is made.
    void allocateItems(long count) {
        allocate(ALLOCATION_PER_ITEM * count);
    }

    /// Counts what an operation looks at, before it does.
    void work(long amount) {
        work -= amount;
        if (work < 0) {
            throw exceeded(MAX_WORK + " characters looked at");
        }
    }

    /// Counts the search for one text in another, before it is done: Java's may compare each of the one with each of
    /// the other.
    void search(String text, String wanted) {
        work((long) text.length() * Math.max(1, wanted.length()));
    }

    /// Counts a string.
    Value.Str string(String text) {
        allocate(text.length());
        return new Value.Str(text);
    }

    /// Checks the length that the output has reached.
    void output(long length) {
        if (length > MAX_OUTPUT) {
            throw exceeded(MAX_OUTPUT + " characters of output");
        }
    }

    /// Enters a macro or a recursive loop.
    void enter() {
        if (++calls > MAX_CALL_DEPTH) {
            throw exceeded(MAX_CALL_DEPTH + " calls within each other");
        }
    }

    void leave() {
        calls--;
    }

    private static TemplateFailure exceeded(String limit) {
        return new TemplateFailure("the template exceeds its limit of " + limit);
    }
}
