package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Real;
import dev.dllm.tokenizer.chat.Value.Str;
import java.math.BigInteger;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Python's `int(…)` and `float(…)`.
final class Parsing {
    private static final Pattern DIGITS = Pattern.compile("[0-9a-zA-Z]+(?:_[0-9a-zA-Z]+)*");
    private static final Pattern REAL = Pattern.compile(
            "[+-]?(?:\\d+(?:_\\d+)*(?:\\.(?:\\d+(?:_\\d+)*)?)?|\\.\\d+(?:_\\d+)*)(?:[eE][+-]?\\d+(?:_\\d+)*)?");
    private static final int MAX_DIGITS = 1200;

    private Parsing() {}

    /// A value as the filter `int` reads it; null if it cannot.
    static @Nullable Value integer(Value value, int base) {
        if (value instanceof Str(String text)) {
            BigInteger whole = integer(Strings.strip(text, null, true, true), base);
            if (whole != null) {
                return Numbers.integer(whole);
            }
        }
        Value number = real(value);
        if (Numbers.integer(value) instanceof BigInteger whole) {
            return new Int(whole);
        }
        if (!(number instanceof Real(double real)) || Double.isNaN(real) || Double.isInfinite(real)) {
            return null;
        }
        return Numbers.truncate(real);
    }

    private static @Nullable BigInteger integer(String text, int base) {
        boolean signed = text.startsWith("-") || text.startsWith("+");
        String digits = text.substring(signed ? 1 : 0);
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "";
        if (!prefix.isEmpty() && digits.regionMatches(true, 0, prefix, 0, 2)) {
            digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
        }
        if (digits.length() > MAX_DIGITS || !DIGITS.matcher(digits).matches()) {
            return null;
        }
        try {
            BigInteger whole = new BigInteger(digits.replace("_", ""), base);
            return text.startsWith("-") ? whole.negate() : whole;
        } catch (NumberFormatException _) {
            return null;
        }
    }

    /// A value as the filter `float` reads it; null if it cannot.
    static @Nullable Value real(Value value) {
        if (Numbers.isNumber(value)) {
            return new Real(Numbers.real(value));
        }
        if (!(value instanceof Str(String text))) {
            return null;
        }
        String number = Strings.strip(text, null, true, true);
        switch (number.toLowerCase(Locale.ROOT)) {
            case "inf", "infinity", "+inf", "+infinity" -> {
                return new Real(Double.POSITIVE_INFINITY);
            }
            case "-inf", "-infinity" -> {
                return new Real(Double.NEGATIVE_INFINITY);
            }
            case "nan", "+nan", "-nan" -> {
                return new Real(Double.NaN);
            }
            default -> {
                return number.length() <= MAX_DIGITS && REAL.matcher(number).matches()
                        ? new Real(Double.parseDouble(number.replace("_", "")))
                        : null;
            }
        }
    }
}
