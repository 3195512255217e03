package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Real;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Python's `format % values`.
///
/// @see "Python library reference, printf-style string formatting"
final class Printf {
    private static final int MAX_WIDTH = 1000;

    private final String format;
    private final Value values;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    private Printf(String format, Value values, Budget budget) {
        this.format = format;
        this.values = values;
        this.budget = budget;
    }

    /// @param values a tuple of values, a dict of named ones, or one value
    static String format(String format, Value values, Budget budget) {
        return new Printf(format, values, budget).run();
    }

    private String run() {
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c == '%') {
                conversion();
            } else {
                out.append(c);
            }
        }
        // What could be a mapping need not be used.
        boolean all = values instanceof Tuple(List<Value> items, _) ? used == items.size()
                : used == 1 || values instanceof Dict || values instanceof Array || values instanceof Undefined;
        if (!all) {
            throw new TemplateFailure("not all arguments converted during string formatting");
        }
        return out.toString();
    }

    private void conversion() {
        Value named = key();
        int start = at;
        while (at < format.length() && "#0- +".indexOf(format.charAt(at)) >= 0) {
            at++;
        }
        String flags = format.substring(start, at);
        int width = number();
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = Math.max(number(), 0);
        }
        if (at >= format.length()) {
            throw new TemplateFailure("incomplete format");
        }
        char type = format.charAt(at++);
        if (type == '%') {
            out.append('%');
            return;
        }
        Value value = named != null ? named : next();
        String text = convert(type, value, flags, precision);
        boolean numeric = "diuxXofFeE".indexOf(type) >= 0;
        if (flags.contains("0") && !flags.contains("-") && numeric) {
            int sign = text.startsWith("-") || text.startsWith("+") || text.startsWith(" ") ? 1 : 0;
            text = text.substring(0, sign) + Strings.pad(text.substring(sign), width - sign, "0", 1, budget);
        }
        text = Strings.pad(text, width, " ", flags.contains("-") ? -1 : 1, budget);
        budget.allocate(text.length());
        out.append(text);
    }

    private @Nullable Value key() {
        if (at >= format.length() || format.charAt(at) != '(') {
            return null;
        }
        int close = format.indexOf(')', at);
        if (close < 0 || !(values instanceof Dict dict)) {
            throw new TemplateFailure("format requires a mapping");
        }
        Value value = dict.entries().get(new Str(format.substring(at + 1, close)));
        if (value == null) {
            throw new TemplateFailure("found no value for " + format.substring(at, close + 1) + " of a format");
        }
        at = close + 1;
        return value;
    }

    /// The number at the current place; -1 if there is none.
    private int number() {
        int start = at;
        while (at < format.length() && format.charAt(at) >= '0' && format.charAt(at) <= '9') {
            at++;
        }
        if (start == at) {
            return -1;
        }
        int number = at - start > 6 ? MAX_WIDTH + 1 : Integer.parseInt(format.substring(start, at));
        if (number > MAX_WIDTH) {
            throw new TemplateFailure("found a width of " + format.substring(start, at)
                    + " in a format; accepted: up to " + MAX_WIDTH);
        }
        return number;
    }

    private Value next() {
        if (values instanceof Tuple(List<Value> items, _)) {
            if (used == items.size()) {
                throw new TemplateFailure("not enough arguments for format string");
            }
            return items.get(used++);
        }
        if (used++ == 1) {
            throw new TemplateFailure("not enough arguments for format string");
        }
        return values;
    }

    private String convert(char type, Value value, String flags, int precision) {
        return switch (type) {
            case 's' -> shortened(Text.str(value), precision);
            case 'r' -> shortened(Text.repr(value), precision);
            case 'd', 'i', 'u' -> signed(digits(integer(type, value).toString(), precision), flags);
            case 'x' -> signed(digits(integer(type, value).toString(16), precision), flags);
            case 'X' -> signed(digits(integer(type, value).toString(16).toUpperCase(Locale.ROOT), precision), flags);
            case 'o' -> signed(digits(integer(type, value).toString(8), precision), flags);
            case 'f', 'F' -> signed(fixed(Numbers.real(value), precision < 0 ? 6 : precision), flags);
            case 'e', 'E' -> signed(String.format(Locale.ROOT, "%." + (precision < 0 ? 6 : precision) + type,
                    Numbers.real(value)), flags);
            default -> throw new TemplateFailure("found %" + type
                    + " in a format; accepted: %s %r %d %i %u %x %X %o %f %F %e %E %%");
        };
    }

    private static String shortened(String text, int precision) {
        boolean whole = precision < 0 || Strings.length(text) <= precision;
        return whole ? text : text.substring(0, Strings.offset(text, precision));
    }

    private static BigInteger integer(char type, Value value) {
        BigInteger integer = Numbers.integer(value);
        if (integer == null && value instanceof Real(double number) && "diu".indexOf(type) >= 0) {
            return Numbers.truncate(number).value();
        }
        if (integer == null) {
            throw new TemplateFailure("%" + type + " format: a number is required, not " + value.type());
        }
        return integer;
    }

    private String digits(String number, int precision) {
        boolean negative = number.startsWith("-");
        return (negative ? "-" : "") + Strings.pad(negative ? number.substring(1) : number, precision, "0", 1, budget);
    }

    private static String fixed(double number, int decimals) {
        return Double.isNaN(number) || Double.isInfinite(number)
                ? Text.real(number)
                : (number < 0 || 1 / number < 0 ? "-" : "")
                        + new BigDecimal(Math.abs(number)).setScale(decimals, RoundingMode.HALF_EVEN).toPlainString();
    }

    private static String signed(String number, String flags) {
        if (number.startsWith("-")) {
            return number;
        }
        return (flags.contains("+") ? "+" : flags.contains(" ") ? " " : "") + number;
    }
}
