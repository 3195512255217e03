package dev.dllm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The bijection between bytes and printable characters that byte-level vocabularies are written in.
///
/// @see "openai/gpt-2, encoder.py, bytes_to_unicode"
final class ByteAlphabet {
    private static final char[] CHARS = new char[256];
    /// Byte of each character below [#LIMIT], or -1.
    private static final short[] BYTES;

    /// All characters of the alphabet are below this one.
    static final int LIMIT = 0x144;

    static {
        BYTES = new short[LIMIT];
        Arrays.fill(BYTES, (short) -1);
        int moved = 0;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            char c = (char) (printable ? b : 256 + moved++);
            CHARS[b] = c;
            BYTES[c] = (short) b;
        }
    }

    private ByteAlphabet() {}

    static char charOf(int unsignedByte) {
        return CHARS[unsignedByte];
    }

    /// The byte that `c` stands for, or -1 if it is not of the alphabet.
    static int byteOf(char c) {
        return c < LIMIT ? BYTES[c] : -1;
    }

    /// The UTF-8 bytes of `text` as characters of the alphabet.
    static String write(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        char[] chars = new char[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            chars[i] = CHARS[bytes[i] & 0xFF];
        }
        return new String(chars);
    }
}
