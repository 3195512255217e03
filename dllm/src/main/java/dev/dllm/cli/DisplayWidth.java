package dev.dllm.cli;

/// How many cells of a terminal a character takes: East Asian wide and full-width characters and emoji two, combining and
/// invisible ones none.
///
/// @see "Unicode Standard Annex 11 (East Asian Width) and 51 (Emoji)"
final class DisplayWidth {
    /// First and last code points of the wide ranges, ascending. Unassigned ones inside count as wide, as the annex says.
    private static final int[] WIDE = {
        0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0x4DBF, 0x4E00, 0xA4CF, 0xA960, 0xA97F, 0xAC00, 0xD7A3, 0xF900, 0xFAFF,
        0xFE30, 0xFE6F, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x18DFF, 0x1AFF0, 0x1B2FF, 0x1F200, 0x1F2FF,
        0x20000, 0x3FFFD
    };

    private DisplayWidth() {}

    /// Cells of a string.
    static int of(String text) {
        return text.codePoints().map(DisplayWidth::of).sum();
    }

    /// Cells of a character: 0, 1 or 2.
    static int of(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT, Character.CONTROL -> 0;
            default -> isWide(codePoint) || Character.isEmojiPresentation(codePoint) ? 2 : 1;
        };
    }

    private static boolean isWide(int codePoint) {
        for (int i = 0; i < WIDE.length && WIDE[i] <= codePoint; i += 2) {
            if (codePoint <= WIDE[i + 1]) {
                return true;
            }
        }
        return false;
    }
}
