package dev.dllm.tokenizer;

/// Text that can only be looked at so often, so that a pattern of a downloaded file cannot keep a program busy for
/// ever.
final class GuardedText implements CharSequence {
    /// Useful patterns look at each character a few times.
    private static final long LOOKS_PER_CHARACTER = 1 << 10;
    private static final long LOOKS_AT_LEAST = 1 << 24;

    private final String text;
    private final String where;
    private long looksLeft;

    /// @param where what messages call the pattern
    GuardedText(String text, String where) {
        this.text = text;
        this.where = where;
        this.looksLeft = LOOKS_AT_LEAST + LOOKS_PER_CHARACTER * text.length();
    }

    @Override
    public char charAt(int index) {
        if (--looksLeft < 0) {
            throw new TokenizerException(where + ": found a text of " + text.length()
                    + " characters that the pattern takes too many steps on; accepted: other text, or another pattern");
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
