package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LossyUtf8Test {

    /// The examples of the Unicode standard, section 3.9, tables 3-8 to 3-11, and the ends of all ranges.
    @ParameterizedTest
    @CsvSource({
        "C0 AF E0 80 BF F0 81 82 41, ????????A",
        "ED A0 80 ED BF BF ED AF 41, ????????A",
        "F4 91 92 93 FF 41 80 BF 42, ?????A??B",
        "E1 80 E2 F0 91 92 F1 BF 41, ????A",
        "F0 9F 98, ?",
        "F0 9F 98 41, ?A",
        "E4 B8, ?",
        "C3, ?",
        "80, ?",
        "F5 80, ??",
        "E0 9F 80, ???",
        "F0 8F BF BF, ????",
        "F4 8F BF, ?",
    })
    void oneReplacementPerMaximalSubpart(String hex, String expected) {
        LossyUtf8 decoder = new LossyUtf8();
        for (String b : hex.split(" ")) {
            decoder.accept(Integer.parseInt(b, 16));
        }
        decoder.finish();
        assertEquals(expected.replace('?', '\uFFFD'), decoder.take());
    }

    @Test
    void agreesWithTheJdkOnRandomBytes() {
        // The JDK's decoder replaces maximal subparts as well, except that it takes surrogates, which ED begins, as
        // one.
        Random random = new Random(3);
        int[] likely = {0x41, 0x80, 0xBF, 0xC2, 0xDF, 0xE0, 0xA0, 0xE1, 0x9F, 0xEF, 0xF0, 0x90, 0xF1, 0xF4, 0x8F, 0xFF};
        for (int i = 0; i < 20000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            LossyUtf8 decoder = new LossyUtf8();
            StringBuilder text = new StringBuilder();
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = (byte) (random.nextBoolean() ? likely[random.nextInt(likely.length)] : random.nextInt(256));
                bytes[j] = bytes[j] == (byte) 0xED ? 0 : bytes[j];
                decoder.accept(bytes[j] & 0xFF);
                text.append(random.nextBoolean() ? decoder.take() : "");
            }
            decoder.finish();
            assertEquals(new String(bytes, StandardCharsets.UTF_8), text.append(decoder.take()).toString());
        }
    }
}
