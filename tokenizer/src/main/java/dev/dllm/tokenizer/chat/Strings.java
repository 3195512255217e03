package dev.dllm.tokenizer.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Python's operations on strings that differ from Java's: positions count code points, and character classes are
/// Python's.
final class Strings {

    private Strings() {}

    /// Number of code points.
    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// The index in Java characters of a position in code points.
    static int offset(String text, int position) {
        return text.offsetByCodePoints(0, position);
    }

    /// `str.isspace` of one character.
    static boolean isSpace(int c) {
        return c == ' ' || c >= 0x09 && c <= 0x0D || c >= 0x1C && c <= 0x1F || c == 0x85 || c == 0xA0 || c == 0x1680
                || c >= 0x2000 && c <= 0x200A || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F
                || c == 0x3000;
    }

    /// `str.isprintable` of one character.
    static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /// `text.strip(characters)`, at one end or both.
    ///
    /// @param characters what to remove; null for white space
    static String strip(String text, @Nullable String characters, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && stripped(text.codePointAt(start), characters)) {
            start += Character.charCount(text.codePointAt(start));
        }
        while (right && start < end && stripped(text.codePointBefore(end), characters)) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(start, end);
    }

    private static boolean stripped(int c, @Nullable String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    /// `text.split(separator, limit)`.
    ///
    /// @param limit most splits to make; negative for any number
    static List<String> split(String text, String separator, int limit) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0 && parts.size() != limit; at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    /// `text.rsplit(separator, limit)`.
    static List<String> splitFromRight(String text, String separator, int limit) {
        List<String> parts = new ArrayList<>();
        int end = text.length();
        while (parts.size() != limit && end >= separator.length()) {
            int at = text.lastIndexOf(separator, end - separator.length());
            if (at < 0) {
                break;
            }
            parts.add(text.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(text.substring(0, end));
        return parts.reversed();
    }

    /// `text.split(None, limit)`: words between white space.
    static List<String> words(String text, int limit) {
        List<String> words = new ArrayList<>();
        int start = skipSpace(text, 0);
        while (start < text.length()) {
            if (words.size() == limit) {
                words.add(text.substring(start));
                break;
            }
            int end = start;
            while (end < text.length() && !isSpace(text.charAt(end))) {
                end++;
            }
            words.add(text.substring(start, end));
            start = skipSpace(text, end);
        }
        return words;
    }

    /// `text.rsplit(None, limit)`.
    static List<String> wordsFromRight(String text, int limit) {
        List<String> words = new ArrayList<>();
        int end = skipSpaceBackwards(text, text.length());
        while (end > 0) {
            if (words.size() == limit) {
                words.add(text.substring(0, end));
                break;
            }
            int start = end;
            while (start > 0 && !isSpace(text.charAt(start - 1))) {
                start--;
            }
            words.add(text.substring(start, end));
            end = skipSpaceBackwards(text, start);
        }
        return words.reversed();
    }

    private static int skipSpace(String text, int from) {
        int at = from;
        while (at < text.length() && isSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int skipSpaceBackwards(String text, int to) {
        int at = to;
        while (at > 0 && isSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    /// `text.splitlines(keepEnds)`.
    static List<String> lines(String text, boolean keepEnds) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = start;
            while (end < text.length() && !endsLine(text.charAt(end))) {
                end++;
            }
            int next = end;
            if (next < text.length()) {
                next += text.startsWith("\r\n", next) ? 2 : 1;
            }
            lines.add(text.substring(start, keepEnds ? next : end));
            start = next;
        }
        return lines;
    }

    private static boolean endsLine(char c) {
        return c >= '\n' && c <= '\r' || c >= 0x1C && c <= 0x1E || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    /// `text.replace(old, replacement, limit)`.
    ///
    /// @param limit most replacements to make; negative for any number
    static String replace(String text, String old, String replacement, int limit, Budget budget) {
        budget.search(text, old);
        int count = limit < 0 ? Integer.MAX_VALUE : limit;
        StringBuilder out = new StringBuilder();
        int start = 0;
        int at = 0;
        while (count-- > 0 && (at = text.indexOf(old, at)) >= 0) {
            budget.allocate(replacement.length());
            out.append(text, start, at).append(replacement);
            start = at + old.length();
            at = start;
            if (old.isEmpty()) {
                // Between all characters, and at both ends.
                if (at == text.length()) {
                    break;
                }
                at += Character.charCount(text.codePointAt(at));
            }
        }
        return out.append(text, start, text.length()).toString();
    }

    /// `str.capitalize`: a title-case character, then lower case.
    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = text.offsetByCodePoints(0, 1);
        return titleCase(text.substring(0, first)) + text.substring(first).toLowerCase(Locale.ROOT);
    }

    /// `str.title`: a title-case letter after anything that is no letter, lower case after letters.
    static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean afterCased = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            String character = Character.toString(c);
            out.append(afterCased ? character.toLowerCase(Locale.ROOT) : titleCase(character));
            afterCased = isCased(c);
        }
        return out.toString();
    }

    /// One character in title case. Java has no full mapping: where upper case is several characters, all after the
    /// first cased one are lower case.
    private static String titleCase(String character) {
        int simple = Character.toTitleCase(character.codePointAt(0));
        String upper = character.toUpperCase(Locale.ROOT);
        if (simple != character.codePointAt(0) || length(upper) == 1) {
            return Character.toString(simple);
        }
        int first = 0;
        while (first < upper.length() && !isCased(upper.codePointAt(first))) {
            first += Character.charCount(upper.codePointAt(first));
        }
        int rest = Math.min(first + 1, upper.length());
        return upper.substring(0, rest) + upper.substring(rest).toLowerCase(Locale.ROOT);
    }

    /// Whether a character has the property Cased.
    static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    /// The text with white space or `fill` around it, up to a width in code points.
    ///
    /// @param side negative for text at the left, positive for text at the right, 0 for the middle
    static String pad(String text, int width, String fill, int side, Budget budget) {
        int missing = width - length(text);
        if (missing <= 0) {
            return text;
        }
        budget.allocate(missing);
        // Python puts the odd one to the left only if the width is odd.
        int left = side < 0 ? 0 : side > 0 ? missing : missing / 2 + (missing & width & 1);
        return fill.repeat(left) + text + fill.repeat(missing - left);
    }

    /// Compares by code points, as Python does.
    static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                boolean surrogates = Character.isSurrogate(x) != Character.isSurrogate(y);
                return surrogates ? Character.isSurrogate(x) ? 1 : -1 : x < y ? -1 : 1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
