package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Undefined;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What filters look at in place of an item.
///
/// @see "pallets/jinja, src/jinja2/filters.py, make_attrgetter"
final class ItemKeys {
    private final Attributes attributes;

    ItemKeys(Attributes attributes) {
        this.attributes = attributes;
    }

    /// What is compared instead of an item: the item or an attribute of it, strings in lower case unless their case
    /// matters.
    Function<Value, Value> key(@Nullable Value caseSensitive, @Nullable Value attribute) {
        boolean whole = attribute == null || attribute instanceof None;
        Function<Value, Value> path = whole ? item -> item : path(attribute, null);
        return Filters.isTrue(caseSensitive)
                ? path
                : item -> path.apply(item) instanceof Str(String text)
                        ? new Str(text.toLowerCase(Locale.ROOT))
                        : path.apply(item);
    }

    /// An attribute of an item, or an attribute of an attribute with a dot between the two names. Digits are positions.
    Function<Value, Value> path(@Nullable Value path, @Nullable Value whenUndefined) {
        List<Value> keys = new ArrayList<>();
        if (path instanceof Str(String text)) {
            for (String name : text.split("\\.", -1)) {
                boolean digits = name.chars().allMatch(c -> c >= '0' && c <= '9');
                boolean position = digits && !name.isEmpty() && name.length() < 9;
                keys.add(position ? Int.of(Integer.parseInt(name)) : new Str(name));
            }
        } else if (path != null) {
            keys.add(path);
        }
        return item -> {
            Value value = item;
            for (Value key : keys) {
                value = attributes.item(value, key);
                if (whenUndefined != null && value instanceof Undefined) {
                    value = whenUndefined;
                }
            }
            return value;
        };
    }
}
