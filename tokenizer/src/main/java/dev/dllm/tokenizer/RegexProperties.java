package dev.dllm.tokenizer;

import java.lang.Character.UnicodeScript;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names of character properties in Oniguruma's `\p{…}` and `[:…:]`, and what [java.util.regex] calls them. All
/// of them mean the same characters in both, which the tests check by the sets themselves.
final class RegexProperties {
    /// What [#find] finds, for messages.
    static final String KNOWN = "general categories such as L or Lu, scripts such as Han, Alphabetic, White_Space,"
            + " Uppercase, Lowercase";
    /// What [#findPosix] finds, for messages.
    static final String POSIX = "[:alpha:], [:digit:], [:space:], [:upper:], [:lower:], [:cntrl:]";

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

    private RegexProperties() {}

    /// The name of a property here, without regard to case, spaces, `_` and `-`; null if it is not known.
    static @Nullable String find(String name) {
        String folded = name.replace(" ", "").replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
        String upper = folded.toUpperCase(Locale.ROOT);
        if (!folded.isEmpty() && folded.length() <= 2 && CATEGORIES.contains(" " + upper + " ")) {
            return upper.substring(0, 1) + folded.substring(1);
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

    /// The name of a bracket class here; null if it is not known.
    static @Nullable String findPosix(String name) {
        return switch (name) {
            case "alpha" -> "IsAlphabetic";
            case "digit" -> "Nd";
            case "space" -> "IsWhite_Space";
            case "upper" -> "IsUppercase";
            case "lower" -> "IsLowercase";
            case "cntrl" -> "Cc";
            default -> null;
        };
    }
}
