package dev.dllm.tokenizer;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;

/// Rewrites a regular expression from the syntax of Oniguruma, in which tokenizer files are written, to that of
/// [java.util.regex], so that both match the same text.
///
/// The two differ in what looks alike: `\s`, `\d`, `\w` and `\b` mean Unicode classes there and ASCII ones here, `(?i:`
/// folds all letters there, `(?m:` lets a dot match line ends there, and `{1,3}+` repeats there and is possessive here.
/// What has no exact counterpart is refused.
///
/// @see "kkos/oniguruma, doc/RE"
final class RegexTranslation {
    private static final String WORD_MEMBERS = "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}";
    /// Outside of brackets, Oniguruma counts the superscripts and fractions of Latin-1 as well.
    private static final String LONE_WORD_MEMBERS = WORD_MEMBERS + "\\xB2\\xB3\\xB9\\xBC-\\xBE";
    private static final String WORD = "[" + LONE_WORD_MEMBERS + "]";
    private static final String WORD_BOUNDARY =
            "(?:(?<=" + WORD + ")(?!" + WORD + ")|(?<!" + WORD + ")(?=" + WORD + "))";
    private static final String NOT_WORD_BOUNDARY =
            "(?:(?<=" + WORD + ")(?=" + WORD + ")|(?<!" + WORD + ")(?!" + WORD + "))";
    /// An alternative that never matches. The JDK only looks behind by whole characters beyond U+FFFF if one stands
    /// in the expression itself (Pattern.findSupplementary, JDK 25).
    private static final String NEVER_BEYOND_BMP = "|(?!)\uD801\uDC00";
    /// What the intervals of an expression may multiply to: empty groups inside would be repeated with no end in sight.
    private static final long MAX_REPETITIONS = 100_000;
    private static final String HEX = "0-9a-fA-F";
    /// Pairs of letters that in Oniguruma equal one character if case does not matter, e.g. U+00DF or U+FB01.
    private static final Set<String> FOLDED_PAIRS = Set.of("ss", "st", "ff", "fi", "fl");
    private static final String FOLDED_ACCEPTED =
            "ASCII letters other than ss, st, ff, fi, fl where case does not matter";

    /// A group that is open: where in `out` it starts, and whether case mattered before it.
    private record Group(int start, boolean foldedBefore) {}

    private final String regex;
    private final String where;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Group> groups = new ArrayDeque<>();
    /// Whether case does not matter here.
    private boolean folded;
    /// Where in `out` the last quantifiable piece starts, or -1.
    private int atom = -1;
    private int at;
    /// The product of all intervals so far.
    private long repetitions = 1;

    /// @param where what messages call the expression
    RegexTranslation(String regex, String where) {
        this.regex = regex;
        this.where = where;
    }

    String translate() {
        while (at < regex.length()) {
            char c = regex.charAt(at);
            switch (c) {
                case '\\' -> {
                    atom = out.length();
                    at++;
                    escape(false);
                }
                case '[' -> {
                    atom = out.length();
                    characterClass();
                }
                case '(' -> open();
                case ')' -> close();
                case '*', '+', '?' -> quantifier(regex.substring(at, ++at));
                case '{' -> interval();
                case '|' -> {
                    out.append(c);
                    at++;
                    atom = -1;
                }
                case '}' -> {
                    atom = out.length();
                    out.append("\\}");
                    at++;
                }
                default -> {
                    atom = out.length();
                    literal();
                }
            }
        }
        boolean looksBehind = out.indexOf("(?<") >= 0;
        return looksBehind ? out.append(NEVER_BEYOND_BMP).toString() : out.toString();
    }

    private void literal() {
        int codePoint = regex.codePointAt(at);
        if (folded) {
            String pair = regex.substring(at, Math.min(at + 2, regex.length())).toLowerCase(Locale.ROOT);
            if (codePoint >= 0x80 || FOLDED_PAIRS.contains(pair)) {
                throw refused("'" + pair + "' in a group (?i:…)", FOLDED_ACCEPTED);
            }
        }
        out.appendCodePoint(codePoint);
        at += Character.charCount(codePoint);
    }

    private void close() {
        out.append(')');
        at++;
        Group group = groups.poll();
        atom = group == null ? -1 : group.start();
        folded = group != null && group.foldedBefore();
    }

    private void quantifier(String text) {
        if (atom < 0) {
            throw refused("quantifier '" + text + "' after nothing", "a quantifier after what it repeats");
        }
        out.append(text);
        if (at < regex.length() && (regex.charAt(at) == '?' || regex.charAt(at) == '+')) {
            out.append(regex.charAt(at++));
        }
    }

    /// `{n}`, `{n,}`, `{,m}` or `{n,m}`; anything else after a brace is literal.
    private void interval() {
        int close = regex.indexOf('}', at);
        String inside = close < 0 ? "" : regex.substring(at + 1, close);
        int comma = inside.indexOf(',');
        String low = comma < 0 ? inside : inside.substring(0, comma);
        String high = comma < 0 ? inside : inside.substring(comma + 1);
        if (!isCount(low) || !isCount(high) || low.isEmpty() && high.isEmpty()) {
            atom = out.length();
            out.append("\\{");
            at++;
            return;
        }
        if (atom < 0) {
            throw refused("an interval after nothing", "an interval after what it repeats");
        }
        at = close + 1;
        repetitions *= Math.max(1, Integer.parseInt("0".concat(high.isEmpty() ? low : high)));
        if (repetitions > MAX_REPETITIONS) {
            throw refused("intervals of more than " + MAX_REPETITIONS + " repetitions in all", "fewer");
        }
        out.append('{').append(low.isEmpty() ? "0" : low);
        if (comma >= 0) {
            out.append(',').append(high);
        }
        out.append('}');
        boolean fixed = comma < 0;
        char next = at < regex.length() ? regex.charAt(at) : 0;
        if (next == '?' && !fixed) {
            out.append('?');
            at++;
        } else if (next == '+' || next == '?' || next == '*') {
            // A second quantifier repeats the first as a whole.
            out.insert(atom, "(?:").append(')');
        }
    }

    private static boolean isCount(String text) {
        if (text.length() > 5) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private void open() {
        int start = out.length();
        if (!regex.startsWith("(?", at)) {
            groups.push(new Group(start, folded));
            out.append("(?:");
            at++;
            atom = -1;
            return;
        }
        for (String kind : new String[] {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
            if (regex.startsWith(kind, at)) {
                groups.push(new Group(start, folded));
                out.append(kind);
                at += kind.length();
                atom = -1;
                return;
            }
        }
        options(start);
    }

    /// `(?i:` and the like, and `(?i)` at the very start.
    private void options(int start) {
        int end = at + 2;
        while (end < regex.length() && "imx-".indexOf(regex.charAt(end)) >= 0) {
            end++;
        }
        String flags = regex.substring(at + 2, end);
        char close = end < regex.length() ? regex.charAt(end) : 0;
        boolean atStart = at == 0 && close == ')';
        if (flags.isEmpty() || flags.contains("x") || close != ':' && !atStart) {
            int shown = Math.min(regex.length(), end + 1);
            throw refused("group '" + regex.substring(at, shown) + "'",
                    "(…), (?:…), (?=…), (?!…), (?<=…), (?<!…), (?>…), (?i:…), (?m:…), (?i) at the start");
        }
        // Here a dot that matches line ends is called s, and i alone folds ASCII letters only.
        out.append("(?").append(flags.replace("m", "s").replace("i", "iu")).append(close);
        at = end + 1;
        atom = -1;
        if (!atStart) {
            groups.push(new Group(start, folded));
        }
        int minus = flags.indexOf('-');
        int i = flags.indexOf('i');
        folded = i < 0 ? folded : minus < 0 || i < minus;
    }

    /// What follows a backslash.
    private void escape(boolean inClass) {
        if (at >= regex.length()) {
            throw refused("a backslash at the end", "a character after it");
        }
        char c = regex.charAt(at++);
        switch (c) {
            case 's' -> out.append("\\p{IsWhite_Space}");
            case 'S' -> out.append("\\P{IsWhite_Space}");
            case 'd' -> out.append("\\p{Nd}");
            case 'D' -> out.append("\\P{Nd}");
            case 'w' -> out.append(inClass ? WORD_MEMBERS : WORD);
            case 'W' -> out.append("[^").append(inClass ? WORD_MEMBERS : LONE_WORD_MEMBERS).append(']');
            case 'h' -> out.append(inClass ? HEX : "[" + HEX + "]");
            case 'H' -> out.append("[^" + HEX + "]");
            case 'p', 'P' -> property(c == 'P');
            case 'v' -> out.append("\\x0B");
            case 'n', 'r', 't', 'f', 'a', 'e' -> out.append('\\').append(c);
            case 'x', 'u' -> hexadecimal(c);
            case 'b', 'B', 'A', 'z', 'Z' -> {
                if (inClass) {
                    throw refusedEscape(c);
                }
                out.append(switch (c) {
                    case 'b' -> WORD_BOUNDARY;
                    case 'B' -> NOT_WORD_BOUNDARY;
                    default -> "\\" + c;
                });
            }
            default -> {
                if (Character.isLetterOrDigit(c) || Character.isSurrogate(c)) {
                    throw refusedEscape(c);
                }
                out.append('\\').append(c);
            }
        }
    }

    private void hexadecimal(char kind) {
        boolean braces = kind == 'x' && at < regex.length() && regex.charAt(at) == '{';
        int start = braces ? at + 1 : at;
        int end = braces ? regex.indexOf('}', start) : start + (kind == 'x' ? 2 : 4);
        int codePoint = -1;
        if (end >= 0 && end <= regex.length() && end > start && end - start <= 6) {
            codePoint = 0;
            for (int i = start; i < end; i++) {
                int digit = Character.digit(regex.charAt(i), 16);
                codePoint = digit < 0 || codePoint < 0 ? -1 : codePoint * 16 + digit;
            }
        }
        boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        if (codePoint < 0 || !Character.isValidCodePoint(codePoint) || surrogate) {
            throw refused("\\" + kind + " without a code point", "\\xHH, \\x{H…} or \\uHHHH");
        }
        out.append("\\x{").append(Integer.toHexString(codePoint)).append('}');
        at = braces ? end + 1 : end;
    }

    /// `\p{…}`, `\P{…}`, `\p{^…}`.
    private void property(boolean negated) {
        int close = regex.indexOf('}', at);
        if (at >= regex.length() || regex.charAt(at) != '{' || close < 0) {
            throw refused("\\p without braces", "\\p{…}");
        }
        String name = regex.substring(at + 1, close);
        at = close + 1;
        boolean caret = name.startsWith("^");
        String known = RegexProperties.find(caret ? name.substring(1) : name);
        if (known == null) {
            throw refused("property '" + name + "'", RegexProperties.KNOWN);
        }
        out.append(negated != caret ? "\\P{" : "\\p{").append(known).append('}');
    }

    /// `[…]`, with ranges, escapes, nested classes, `&&` and `[:name:]`.
    private void characterClass() {
        int depth = 0;
        do {
            if (at >= regex.length()) {
                throw refused("a character class that is not closed", "']'");
            }
            char c = regex.charAt(at);
            if (c == '[' && regex.startsWith("[:", at) && depth > 0) {
                posix();
            } else if (c == '[') {
                if (++depth > 20) {
                    throw refused("classes nested more than 20 deep", "fewer");
                }
                out.append('[');
                at++;
                if (regex.startsWith("^", at)) {
                    out.append('^');
                    at++;
                }
                if (regex.startsWith("]", at)) {
                    out.append("\\]");
                    at++;
                }
            } else if (c == ']') {
                depth--;
                out.append(']');
                at++;
            } else if (c == '\\') {
                at++;
                escape(true);
            } else if (c == '^') {
                out.append("\\^");
                at++;
            } else {
                int codePoint = regex.codePointAt(at);
                if (folded && codePoint >= 0x80) {
                    throw refused("'" + Character.toString(codePoint) + "' in a group (?i:…)", FOLDED_ACCEPTED);
                }
                out.appendCodePoint(codePoint);
                at += Character.charCount(codePoint);
            }
        } while (depth > 0);
    }

    /// `[:name:]` and `[:^name:]` inside a class.
    private void posix() {
        int close = regex.indexOf(":]", at + 2);
        String name = close < 0 ? "" : regex.substring(at + 2, close);
        boolean negated = name.startsWith("^");
        String known = RegexProperties.findPosix(negated ? name.substring(1) : name);
        if (known == null) {
            throw refused("[:" + name + ":]", RegexProperties.POSIX);
        }
        out.append(negated ? "\\P{" : "\\p{").append(known).append('}');
        at = close + 2;
    }

    private TokenizerException refusedEscape(char c) {
        return refused("\\" + c, "\\s \\S \\d \\D \\w \\W \\h \\H \\b \\B \\A \\z \\Z \\n \\r \\t \\f \\v \\a \\e \\x"
                + " \\u \\p \\P and escaped punctuation");
    }

    private TokenizerException refused(String found, String accepted) {
        return TokenizerException.unaccepted(where, JsonObject.describe(regex) + " with " + found, accepted);
    }
}
