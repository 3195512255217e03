package dev.dllm.tokenizer.chat;

/// Python's predicates on the characters of a string.
final class CharacterKinds {

    private CharacterKinds() {}

    /// `str.isdigit` of one character: decimal digits, and those that are digits but write no decimal numbers.
    static boolean isDigit(int c) {
        return Character.isDigit(c) || c == 0xB2 || c == 0xB3 || c == 0xB9 || in(c, 0x1369, 0x1371) || c == 0x19DA
                || c == 0x2070 || in(c, 0x2074, 0x2079) || in(c, 0x2080, 0x2089) || in(c, 0x2460, 0x2468)
                || in(c, 0x2474, 0x247C) || in(c, 0x2488, 0x2490) || c == 0x24EA || in(c, 0x24F5, 0x24FD) || c == 0x24FF
                || in(c, 0x2776, 0x277E) || in(c, 0x2780, 0x2788) || in(c, 0x278A, 0x2792) || in(c, 0x10A40, 0x10A43)
                || in(c, 0x10E60, 0x10E68) || in(c, 0x11052, 0x1105A) || in(c, 0x1F100, 0x1F10A);
    }

    /// `str.isalnum` of one character: letters and everything with a numeric value.
    static boolean isAlphanumeric(int c) {
        int type = Character.getType(c);
        return Character.isLetter(c) || Character.isDigit(c) || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    /// `str.islower`: some cased characters, and all of them lower case.
    static boolean isLower(String text) {
        return text.codePoints().anyMatch(Strings::isCased)
                && text.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
    }

    /// `str.isupper`: some cased characters, and all of them upper case.
    static boolean isUpper(String text) {
        return text.codePoints().anyMatch(Strings::isCased)
                && text.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
    }

    private static boolean in(int c, int low, int high) {
        return c >= low && c <= high;
    }
}
