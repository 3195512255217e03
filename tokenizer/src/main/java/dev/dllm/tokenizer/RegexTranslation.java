package dev.dllm.tokenizer;

import java.lang.Character.UnicodeScript;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
    private static final String WORD = "[" + WORD_MEMBERS + "]";
    private static final String NOT_WORD = "[^" + WORD_MEMBERS + "]";
    private static final String WORD_BOUNDARY = "(?:(?<=" + WORD + ")(?!" + WORD + ")|(?<!" + WORD + ")(?=" + WORD + "))";
    private static final String NOT_WORD_BOUNDARY =
            "(?:(?<=" + WORD + ")(?=" + WORD + ")|(?<!" + WORD + ")(?!" + WORD + "))";
    private static final String HEX = "0-9a-fA-F";

    /// General categories by their short names; matched without regard to case.
    private static final String CATEGORIES = " L LU LL LT LM LO M MN MC ME N ND NL NO P PC PD PS PE PI PF PO"
            + " S SM SC SK SO Z ZS ZL ZP C CC CF CO CS CN ";
    /// Other properties, without spaces, `_` and `-`, and what they are called here.
    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("letter", "L"), Map.entry("uppercaseletter", "Lu"), Map.entry("lowercaseletter", "Ll"),
            Map.entry("titlecaseletter", "Lt"), Map.entry("modifierletter", "Lm"), Map.entry("otherletter", "Lo"),
            Map.entry("mark", "M"), Map.entry("nonspacingmark", "Mn"), Map.entry("spacingmark", "Mc"),
            Map.entry("enclosingmark", "Me"), Map.entry("number", "N"), Map.entry("decimalnumber", "Nd"),
            Map.entry("letternumber", "Nl"), Map.entry("othernumber", "No"), Map.entry("punctuation", "P"),
            Map.entry("symbol", "S"), Map.entry("mathsymbol", "Sm"), Map.entry("currencysymbol", "Sc"),
            Map.entry("modifiersymbol", "Sk"), Map.entry("othersymbol", "So"), Map.entry("separator", "Z"),
            Map.entry("spaceseparator", "Zs"), Map.entry("other", "C"), Map.entry("control", "Cc"),
            Map.entry("format", "Cf"), Map.entry("cntrl", "Cc"), Map.entry("digit", "Nd"),
            Map.entry("alpha", "IsAlphabetic"), Map.entry("alphabetic", "IsAlphabetic"),
            Map.entry("upper", "IsUppercase"), Map.entry("uppercase", "IsUppercase"),
            Map.entry("lower", "IsLowercase"), Map.entry("lowercase", "IsLowercase"),
            Map.entry("space", "IsWhite_Space"), Map.entry("whitespace", "IsWhite_Space"));

    private final String regex;
    private final String where;
    private final StringBuilder out = new StringBuilder();
    /// Where in `out` each open group starts.
    private final Deque<Integer> groups = new ArrayDeque<>();
    /// Where in `out` the last quantifiable piece starts, or -1.
    private int atom = -1;
    private int at;

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
                case ')' -> {
                    out.append(c);
                    at++;
                    atom = groups.isEmpty() ? -1 : groups.pop();
                }
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
                    int codePoint = regex.codePointAt(at);
                    out.appendCodePoint(codePoint);
                    at += Character.charCount(codePoint);
                }
            }
        }
        return out.toString();
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
            groups.push(start);
            out.append("(?:");
            at++;
            atom = -1;
            return;
        }
        for (String kind : new String[] {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>"}) {
            if (regex.startsWith(kind, at)) {
                groups.push(start);
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
                    "(…), (?:…), (?=…), (?!…), (?<=…), (?<!…), (?>…), (?i:…), (?m:…), and (?i) at the start");
        }
        // Here a dot that matches line ends is called s, and i alone folds ASCII letters only.
        out.append("(?").append(flags.replace("m", "s").replace("i", "iu")).append(close);
        at = end + 1;
        atom = -1;
        if (!atStart) {
            groups.push(start);
        }
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
            case 'W' -> out.append(NOT_WORD);
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
        String known = knownProperty(caret ? name.substring(1) : name);
        if (known == null) {
            throw refused("property '" + name + "'", "general categories such as L or Lu, scripts such as Han, Alphabetic,"
                    + " White_Space, Uppercase, Lowercase");
        }
        out.append(negated != caret ? "\\P{" : "\\p{").append(known).append('}');
    }

    private static @Nullable String knownProperty(String name) {
        String folded = name.replace(" ", "").replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
        if (!folded.isEmpty() && folded.length() <= 2 && CATEGORIES.contains(" " + folded.toUpperCase(Locale.ROOT) + " ")) {
            return folded.substring(0, 1).toUpperCase(Locale.ROOT) + folded.substring(1);
        }
        String other = PROPERTIES.get(folded);
        if (other != null) {
            return other;
        }
        try {
            return "Is" + UnicodeScript.forName(name.replace(' ', '_').replace('-', '_'));
        } catch (IllegalArgumentException _) {
            return null;
        }
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
        String known = switch (negated ? name.substring(1) : name) {
            case "alpha" -> "IsAlphabetic";
            case "digit" -> "Nd";
            case "space" -> "IsWhite_Space";
            case "upper" -> "IsUppercase";
            case "lower" -> "IsLowercase";
            case "cntrl" -> "Cc";
            default -> throw refused("[:" + name + ":]", "[:alpha:], [:digit:], [:space:], [:upper:], [:lower:], [:cntrl:]");
        };
        out.append(negated ? "\\P{" : "\\p{").append(known).append('}');
        at = close + 2;
    }

    private TokenizerException refusedEscape(char c) {
        return refused("\\" + c, "\\s \\S \\d \\D \\w \\W \\h \\H \\b \\B \\A \\z \\Z \\n \\r \\t \\f \\v \\a \\e \\x \\u \\p \\P and"
                + " escaped punctuation");
    }

    private TokenizerException refused(String found, String accepted) {
        return TokenizerException.unaccepted(where, JsonObject.describe(regex) + " with " + found, accepted);
    }
}
