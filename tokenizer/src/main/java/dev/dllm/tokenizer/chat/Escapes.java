package dev.dllm.tokenizer.chat;

/// The escapes of Python's string literals.
///
/// @see "Python language reference, string and bytes literals"
final class Escapes {
    private final String literal;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private Escapes(String literal) {
        this.literal = literal;
    }

    /// The string that a literal, without its quotes, stands for.
    ///
    /// @throws TemplateFailure saying what is wrong with an escape
    static String resolve(String literal) {
        return literal.indexOf('\\') < 0 ? literal : new Escapes(literal).run();
    }

    private String run() {
        while (at < literal.length()) {
            char c = literal.charAt(at++);
            if (c == '\\' && at < literal.length()) {
                escape(literal.charAt(at++));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private void escape(char c) {
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> out.append(c);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000B');
            case 'x' -> hexadecimal(2);
            case 'u' -> hexadecimal(4);
            case 'U' -> hexadecimal(8);
            case 'N' -> named();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
            default -> {
                out.append('\\');
                if (c < 0x80) {
                    out.append(c);
                } else {
                    // jinja2 escapes what is not ASCII before it resolves escapes: the backslash then escapes a
                    // backslash.
                    StringBuilder escaped = new StringBuilder();
                    int codePoint = literal.codePointAt(at - 1);
                    Text.escape(codePoint, escaped);
                    out.append(escaped, 1, escaped.length());
                    at += Character.charCount(codePoint) - 1;
                }
            }
        }
    }

    private void hexadecimal(int digits) {
        long value = 0;
        for (int i = 0; i < digits; i++) {
            char c = at < literal.length() ? literal.charAt(at) : '\uFFFF';
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new TemplateFailure("an escape of fewer than " + digits + " hexadecimal digits");
            }
            value = value * 16 + digit;
            at++;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw new TemplateFailure("an escape beyond U+10FFFF");
        }
        out.appendCodePoint((int) value);
    }

    private void octal() {
        int value = 0;
        int end = Math.min(at + 2, literal.length());
        for (at--; at < end && literal.charAt(at) >= '0' && literal.charAt(at) <= '7'; at++) {
            value = value * 8 + literal.charAt(at) - '0';
        }
        out.appendCodePoint(value);
    }

    private void named() {
        int close = literal.startsWith("{", at) ? literal.indexOf('}', at) : -1;
        if (close < 0) {
            throw new TemplateFailure("\\N without {name}");
        }
        try {
            out.appendCodePoint(Character.codePointOf(literal.substring(at + 1, close)));
        } catch (IllegalArgumentException _) {
            throw new TemplateFailure("a character name that is unknown");
        }
        at = close + 1;
    }
}
