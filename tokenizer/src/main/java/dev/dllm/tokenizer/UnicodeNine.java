package dev.dllm.tokenizer;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.Arrays;

/// Unicode normalization with the tables of the library that is followed here, which are those of Unicode 9, on the
/// tables of the JDK, which are newer. The characters that have gained decompositions, combining classes or
/// compositions since are left alone and separate what is before from what is after, as any character without such
/// properties does.
///
/// @see "n1t0/unicode-normalization, crate unicode-normalization-alignments 0.1.12"
final class UnicodeNine {
    /// Code points in hexadecimal, single or as inclusive ranges, ascending.
    private static final String CHARACTERS = ""
            + "7fd 897-89f 8ca-8d3 9fe c3c d3b-d3c eba 1715 1abf-1ace 1df6-1dfa 32ff a7f2-a7f4 a82c ab69 105c9 "
            + "105d2 105da 105e4 10781-10785 10787-107b0 107b2-107ba 10d24-10d27 10d69-10d6d 10eab-10eac "
            + "10efd-10eff 10f46-10f50 10f82-10f85 11070 1133b 11382-11385 1138b 1138e 11390-11391 113b8 113bb "
            + "113c2 113c5 113c7-113c9 113ce-113d0 1145e 11839-1183a 11930 11935 11938 1193d-1193e 11943 119e0 "
            + "11a34 11a47 11a99 11d42 11d44-11d45 11d97 11f41-11f42 1611e-16129 1612f 16d63 16d67-16d6a "
            + "16ff0-16ff1 1ccd6-1ccf9 1e030-1e06d 1e08f 1e130-1e136 1e2ae 1e2ec-1e2ef 1e4ec-1e4ef 1e5ee-1e5ef "
            + "1f16c 1fbf0-1fbf9 ";
    private static final int[] FIRST;
    private static final int[] LAST;

    static {
        String[] ranges = CHARACTERS.split(" ");
        FIRST = new int[ranges.length];
        LAST = new int[ranges.length];
        for (int i = 0; i < ranges.length; i++) {
            int dash = ranges[i].indexOf('-');
            FIRST[i] = Integer.parseInt(dash < 0 ? ranges[i] : ranges[i].substring(0, dash), 16);
            LAST[i] = dash < 0 ? FIRST[i] : Integer.parseInt(ranges[i].substring(dash + 1), 16);
        }
    }

    private UnicodeNine() {}

    private static boolean isNewer(int codePoint) {
        int index = Arrays.binarySearch(FIRST, codePoint);
        return index >= 0 || index < -1 && codePoint <= LAST[-index - 2];
    }

    static String normalize(String text, Form form) {
        StringBuilder out = null;
        int start = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            int next = i + Character.charCount(codePoint);
            if (codePoint >= FIRST[0] && isNewer(codePoint)) {
                out = out == null ? new StringBuilder() : out;
                out.append(Normalizer.normalize(text.substring(start, i), form)).appendCodePoint(codePoint);
                start = next;
            }
            i = next;
        }
        String rest = Normalizer.normalize(text.substring(start), form);
        return out == null ? rest : out.append(rest).toString();
    }
}
