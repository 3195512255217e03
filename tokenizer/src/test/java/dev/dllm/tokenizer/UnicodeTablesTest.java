package dev.dllm.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.text.Normalizer;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The JDK's character tables, compared code point by code point with those of `tokenizers` 0.23.2 when these
/// checksums were taken. A JDK with newer tables fails here first: then the library's tables must be looked at again.
class UnicodeTablesTest {

    @ParameterizedTest
    @CsvSource({
        "\\p{L}, 141028, 1761045470",
        "\\p{N}, 1911, 3813812383",
        "\\p{M}, 2501, 2725740952",
        "\\p{P}, 855, 1575152773",
        "\\p{S}, 8514, 2701443376",
        "\\p{Lu}, 1858, 1375906468",
        "\\p{Ll}, 2258, 3059311309",
        "\\p{Lt}, 31, 3548802199",
        "\\p{Lm}, 404, 2353011394",
        "\\p{Lo}, 136477, 3985716379",
        "\\p{Nd}, 760, 1928147966",
        "\\p{Z}, 19, 4148479932",
        "\\p{IsWhite_Space}, 25, 549598580",
        "\\p{IsAlphabetic}, 142759, 67500876",
        "\\p{IsUppercase}, 1978, 1073226636",
        "\\p{IsLowercase}, 2569, 2836551458",
        "\\p{IsHan}, 99030, 3216904297",
    })
    void classesAreThoseOfTheLibrary(String regex, int size, long checksum) {
        Pattern pattern = Pattern.compile(regex);
        CRC32 crc = new CRC32();
        int count = 0;
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (pattern.matcher(Character.toString(c)).matches()) {
                count++;
                update(crc, c);
            }
        }
        assertEquals(size, count);
        assertEquals(checksum, crc.getValue());
    }

    @ParameterizedTest
    @CsvSource({"NFC, 349644507", "NFD, 1449919526", "NFKC, 879960048", "NFKD, 87320146"})
    void normalizationIsThatOfTheLibrary(Normalizer.Form form, long checksum) {
        CRC32 crc = new CRC32();
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            if (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE) {
                // With marks of classes 1, 230 and 240 around it, so that combining classes show.
                String text = "a\u0345" + Character.toString(c) + "\u0334\u0301";
                UnicodeNine.normalize(text, form).codePoints().forEach(normalized -> update(crc, normalized));
            }
        }
        assertEquals(checksum, crc.getValue());
    }

    private static void update(CRC32 crc, int c) {
        crc.update(c >>> 16);
        crc.update(c >>> 8);
        crc.update(c);
    }
}
