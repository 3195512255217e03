package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Generator;
import dev.dllm.tokenizer.chat.Value.Host;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Markup;
import dev.dllm.tokenizer.chat.Value.Namespace;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Range;
import dev.dllm.tokenizer.chat.Value.Real;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.Undefined;
import dev.dllm.tokenizer.chat.Value.View;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/// Values as text: Python's `str()` and `repr()`.
final class Text {

    private Text() {}

    /// `str(value)`, which is also what printing gives.
    static String str(Value value) {
        return switch (value) {
            case Str(String text) -> text;
            case Markup(String text) -> text;
            case Undefined _ -> "";
            default -> repr(value);
        };
    }

    /// `repr(value)`.
    static String repr(Value value) {
        StringBuilder out = new StringBuilder();
        repr(value, out);
        return out.toString();
    }

    private static void repr(Value value, StringBuilder out) {
        if (out.length() > Budget.MAX_OUTPUT) {
            throw new TemplateFailure("a value's text exceeds the limit of " + Budget.MAX_OUTPUT + " characters");
        }
        switch (value) {
            case Undefined _ -> out.append("Undefined");
            case None _ -> out.append("None");
            case Bool(boolean flag) -> out.append(flag ? "True" : "False");
            case Int(var number) -> out.append(number);
            case Real(double number) -> out.append(real(number));
            case Str(String text) -> quoted(text, out);
            case Markup(String text) -> {
                out.append("Markup(");
                quoted(text, out);
                out.append(')');
            }
            case Array(List<Value> items, _) -> items(items, "[", "]", out);
            case Tuple(List<Value> items, _) -> items(items, "(", items.size() == 1 ? ",)" : ")", out);
            case Dict(Map<Value, Value> entries, _) -> entries(entries, out);
            case View(String kind, List<Value> items) -> items(items, kind + "([", "])", out);
            case Macro macro -> out.append(macro);
            case Namespace _, Generator _, Range _, Host _ -> throw new TemplateFailure(
                    "found a " + value.type() + " to print; accepted: text, numbers, lists, dicts");
        }
    }

    private static void items(List<Value> items, String open, String close, StringBuilder out) {
        out.append(open);
        String separator = "";
        for (Value item : items) {
            out.append(separator);
            repr(item, out);
            separator = ", ";
        }
        out.append(close);
    }

    private static void entries(Map<Value, Value> entries, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Map.Entry<Value, Value> entry : entries.entrySet()) {
            out.append(separator);
            repr(entry.getKey(), out);
            out.append(": ");
            repr(entry.getValue(), out);
            separator = ", ";
        }
        out.append('}');
    }

    /// A float in the shortest form that reads back as the same number.
    static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        // Java finds the same digits as Python; only the layout differs.
        BigDecimal shortest = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        String digits = shortest.unscaledValue().toString();
        int exponent = digits.length() - 1 - shortest.scale();
        StringBuilder out = new StringBuilder(number < 0 ? "-" : "");
        if (exponent < -4 || exponent >= 16) {
            out.append(digits.charAt(0));
            if (digits.length() > 1) {
                out.append('.').append(digits, 1, digits.length());
            }
            out.append('e').append(exponent < 0 ? '-' : '+');
            int size = Math.abs(exponent);
            out.append(size < 10 ? "0" : "").append(size);
        } else if (exponent < 0) {
            out.append("0.").repeat("0", -exponent - 1).append(digits);
        } else if (digits.length() <= exponent + 1) {
            out.append(digits).repeat("0", exponent + 1 - digits.length()).append(".0");
        } else {
            out.append(digits, 0, exponent + 1).append('.').append(digits, exponent + 1, digits.length());
        }
        return out.toString();
    }

    private static void quoted(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (Strings.isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        escape(c, out);
                    }
                }
            }
        }
        out.append(quote);
    }

    /// A character by its number: `\x0b`, `\u2028` or `\U000e0001`.
    static void escape(int c, StringBuilder out) {
        String hex = Integer.toHexString(c);
        int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        char kind = digits == 2 ? 'x' : digits == 4 ? 'u' : 'U';
        out.append('\\').append(kind).repeat("0", digits - hex.length()).append(hex);
    }
}
