package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Bool;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Real;
import dev.dllm.tokenizer.chat.Value.Str;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a caller passes to a template, as values of a template. Only data passes: no object of the caller can be
/// reached.
final class JavaValues {
    private static final String ACCEPTED =
            "null, text, booleans, Integer, Long, BigInteger, Double and the like, Iterable, Map with text as keys";

    private long size;

    /// Characters and items of everything converted so far.
    long size() {
        return size;
    }

    /// @throws ChatTemplateException if there is anything in it that is no data, or it is nested too deeply
    Value convert(@Nullable Object object) {
        return convert(object, 0);
    }

    private Value convert(@Nullable Object object, int depth) {
        if (depth >= Budget.MAX_VALUE_DEPTH) {
            throw new ChatTemplateException("chat template: found arguments nested more than " + Budget.MAX_VALUE_DEPTH
                    + " deep; accepted: fewer");
        }
        size++;
        return switch (object) {
            case null -> None.NONE;
            case Boolean flag -> Bool.of(flag);
            case CharSequence text -> {
                size += text.length();
                yield new Str(text.toString());
            }
            case Double number -> new Real(number);
            case Float number -> new Real(number);
            case BigInteger number -> Numbers.integer(number);
            case Integer number -> Int.of(number);
            case Long number -> Int.of(number);
            case Short number -> Int.of(number);
            case Byte number -> Int.of(number);
            case Map<?, ?> map -> {
                LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
                map.forEach((key, value) -> {
                    if (!(key instanceof CharSequence)) {
                        throw unaccepted(key);
                    }
                    entries.put(convert(key, depth + 1), convert(value, depth + 1));
                });
                yield Dict.of(entries);
            }
            case Iterable<?> items -> {
                List<Value> values = new ArrayList<>();
                items.forEach(item -> values.add(convert(item, depth + 1)));
                yield Array.of(values);
            }
            default -> throw unaccepted(object);
        };
    }

    private static ChatTemplateException unaccepted(@Nullable Object object) {
        return new ChatTemplateException("chat template: found an argument of type "
                + (object == null ? "null" : object.getClass().getName()) + "; accepted: " + ACCEPTED);
    }
}
