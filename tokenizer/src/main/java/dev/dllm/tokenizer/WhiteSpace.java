package dev.dllm.tokenizer;

/// Characters with the Unicode property White_Space, which is what Rust's `char::is_whitespace` and `\s` of the
/// patterns mean. Java's own predicates differ from it in several characters, e.g. U+0085 and U+00A0.
final class WhiteSpace {

    private WhiteSpace() {}

    static boolean is(int c) {
        return c == ' ' || c >= 0x09 && c <= 0x0D || c == 0x85 || c == 0xA0 || c == 0x1680
                || c >= 0x2000 && c <= 0x200A || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F
                || c == 0x3000;
    }

    /// Where the white space that starts at `from` ends. All white space is below U+10000.
    static int end(String text, int from) {
        int at = from;
        while (at < text.length() && is(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /// Where the white space that ends at `to` starts.
    static int start(String text, int to) {
        int at = to;
        while (at > 0 && is(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }
}
