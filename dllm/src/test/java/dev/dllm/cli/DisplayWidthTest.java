package dev.dllm.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DisplayWidthTest {
    @Test
    void narrowWideAndInvisibleCharacters() {
        assertEquals(5, DisplayWidth.of("größe"));
        assertEquals(1, DisplayWidth.of("e\u0301"), "a combining accent");
        assertEquals(0, DisplayWidth.of("\u200b\u200d"), "zero width space and joiner");
        assertEquals(10, DisplayWidth.of("日本語かな"));
        assertEquals(4, DisplayWidth.of("한국"));
        assertEquals(2, DisplayWidth.of("Ａ"), "full width");
        assertEquals(1, DisplayWidth.of("ｱ"), "half width");
        assertEquals(2, DisplayWidth.of("🙂"));
        assertEquals(2, DisplayWidth.of("𠀀"), "beyond the basic plane");
        assertEquals(1, DisplayWidth.of("░"));
        assertEquals(1, DisplayWidth.of("\ufffd"));
    }
}
