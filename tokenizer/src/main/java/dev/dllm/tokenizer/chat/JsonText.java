package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Markup;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Real;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values as JSON, laid out as Python's `json.dumps` does.
///
/// @see "huggingface/transformers, src/transformers/utils/chat_template_utils.py, tojson"
final class JsonText {
    private final @Nullable String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean ascii;
    private final boolean sorted;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();

    /// @param indent        what a level is indented by; null for everything on one line
    /// @param itemSeparator between items
    /// @param keySeparator  between a key and its value
    /// @param ascii         whether everything else is escaped
    /// @param sorted        whether keys are sorted
    JsonText(@Nullable String indent, String itemSeparator, String keySeparator, boolean ascii, boolean sorted,
            Budget budget) {
        this.indent = indent;
        this.itemSeparator = itemSeparator;
        this.keySeparator = keySeparator;
        this.ascii = ascii;
        this.sorted = sorted;
        this.budget = budget;
    }

    String write(Value value) {
        write(value, 1);
        return out.toString();
    }

    private void write(Value value, int level) {
        budget.step();
        switch (value) {
            case None _ -> out.append("null");
            case Bool(boolean flag) -> out.append(flag);
            case Int(var number) -> out.append(number);
            case Real(double number) -> out.append(real(number));
            case Str(String text) -> string(text);
            case Markup(String text) -> string(text);
            case Array(List<Value> items, _) -> items(items, level);
            case Tuple(List<Value> items, _) -> items(items, level);
            case Dict dict -> entries(dict, level);
            default -> throw new TemplateFailure("Object of type " + value.type() + " is not JSON serializable");
        }
    }

    private void items(List<Value> items, int level) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        boolean first = true;
        for (Value item : items) {
            out.append(first ? "" : itemSeparator);
            line(level);
            write(item, level + 1);
            first = false;
        }
        line(level - 1);
        out.append(']');
    }

    private void entries(Dict dict, int level) {
        if (dict.entries().isEmpty()) {
            out.append("{}");
            return;
        }
        List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
        if (sorted) {
            entries.sort((a, b) -> Operators.order(a.getKey(), b.getKey()));
        }
        out.append('{');
        boolean first = true;
        for (Map.Entry<Value, Value> entry : entries) {
            out.append(first ? "" : itemSeparator);
            line(level);
            string(key(entry.getKey()));
            out.append(keySeparator);
            write(entry.getValue(), level + 1);
            first = false;
        }
        line(level - 1);
        out.append('}');
    }

    private void line(int level) {
        if (indent != null) {
            budget.allocate((long) indent.length() * level);
            out.append('\n').repeat(indent, level);
        }
    }

    private static String key(Value key) {
        return switch (key) {
            case Str(String text) -> text;
            case None _ -> "null";
            case Bool(boolean flag) -> String.valueOf(flag);
            case Int(var number) -> number.toString();
            case Real(double number) -> real(number);
            default -> throw new TemplateFailure("keys must be str, int, float, bool or None, not " + key.type());
        };
    }

    private static String real(double number) {
        return Double.isNaN(number) ? "NaN"
                : Double.isInfinite(number) ? number > 0 ? "Infinity" : "-Infinity"
                : Text.real(number);
    }

    private void string(String text) {
        budget.allocate(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < 0x20 || ascii && c > 0x7E) {
                        String hex = Integer.toHexString(c);
                        out.append("\\u").repeat("0", 4 - hex.length()).append(hex);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
