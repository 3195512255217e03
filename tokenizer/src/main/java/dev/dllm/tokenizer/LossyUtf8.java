package dev.dllm.tokenizer;

import java.nio.charset.StandardCharsets;

/// Bytes to text, piece by piece: complete characters come out, an incomplete one waits for its rest, and what cannot
/// become a character is U+FFFD once per maximal subpart (Unicode standard, section 3.9, table 3-8), as in Rust's
/// `String::from_utf8_lossy`. Not thread-safe.
final class LossyUtf8 {
    private final StringBuilder text = new StringBuilder();
    /// The code point so far, the continuation bytes it still needs, and the range that the next one must be in.
    private int codePoint;
    private int missing;
    private int lowest;
    private int highest;

    /// Takes one byte, 0 to 255.
    void accept(int b) {
        if (missing > 0) {
            if (b >= lowest && b <= highest) {
                codePoint = codePoint << 6 | b & 0x3F;
                lowest = 0x80;
                highest = 0xBF;
                if (--missing == 0) {
                    text.appendCodePoint(codePoint);
                }
                return;
            }
            missing = 0;
            text.append('\uFFFD');
        }
        if (b < 0x80) {
            text.append((char) b);
        } else if (b >= 0xC2 && b <= 0xDF) {
            begin(b & 0x1F, 1, 0x80, 0xBF);
        } else if (b >= 0xE0 && b <= 0xEF) {
            // No overlong forms, no surrogates.
            begin(b & 0x0F, 2, b == 0xE0 ? 0xA0 : 0x80, b == 0xED ? 0x9F : 0xBF);
        } else if (b >= 0xF0 && b <= 0xF4) {
            // No overlong forms, nothing above U+10FFFF.
            begin(b & 0x07, 3, b == 0xF0 ? 0x90 : 0x80, b == 0xF4 ? 0x8F : 0xBF);
        } else {
            text.append('\uFFFD');
        }
    }

    /// Takes the UTF-8 bytes of `characters`.
    void accept(String characters) {
        for (byte b : characters.getBytes(StandardCharsets.UTF_8)) {
            accept(b & 0xFF);
        }
    }

    /// The text that is complete, once.
    String take() {
        String complete = text.toString();
        text.setLength(0);
        return complete;
    }

    /// Ends the input: an incomplete character is U+FFFD.
    void finish() {
        if (missing > 0) {
            missing = 0;
            text.append('\uFFFD');
        }
    }

    private void begin(int bits, int continuations, int lowest, int highest) {
        this.codePoint = bits;
        this.missing = continuations;
        this.lowest = lowest;
        this.highest = highest;
    }
}
