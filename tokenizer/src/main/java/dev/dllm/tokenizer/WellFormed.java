package dev.dllm.tokenizer;

/// Java strings may hold halves of surrogate pairs, which no UTF-8 text can. The library that is followed here never
/// sees them; Java callers may pass them.
final class WellFormed {

    private WellFormed() {}

    static boolean isWellFormed(String text) {
        return firstUnpaired(text, 0) < 0;
    }

    /// `text` with U+FFFD for each unpaired surrogate; `text` itself if there is none.
    static String wellFormed(String text) {
        int at = firstUnpaired(text, 0);
        if (at < 0) {
            return text;
        }
        StringBuilder repaired = new StringBuilder(text);
        while (at >= 0) {
            repaired.setCharAt(at, '\uFFFD');
            at = firstUnpaired(text, at + 1);
        }
        return repaired.toString();
    }

    private static int firstUnpaired(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else {
                return i;
            }
        }
        return -1;
    }
}
