package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Generator;
import dev.dllm.tokenizer.chat.Value.Markup;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Range;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.Undefined;
import dev.dllm.tokenizer.chat.Value.View;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What Python does with sequences and other things that can be gone through: iterate, count, index, slice.
final class Sequences {

    private Sequences() {}

    /// The items of a value that is gone through; null if it cannot be. A generator is used up by that.
    private static @Nullable List<Value> itemsOrNull(Value value) {
        return switch (value) {
            case Array array -> array.items();
            case Tuple tuple -> tuple.items();
            case View view -> view.items();
            case Range range -> range.items();
            case Dict dict -> List.copyOf(dict.entries().keySet());
            case Undefined _ -> List.of();
            case Str(String text) -> characters(text);
            case Generator(Iterator<Value> items) -> {
                List<Value> rest = new ArrayList<>();
                items.forEachRemaining(rest::add);
                yield rest;
            }
            default -> null;
        };
    }

    /// The items of a value that is gone through.
    static List<Value> items(Value value) {
        List<Value> items = itemsOrNull(value);
        if (items == null) {
            throw new TemplateFailure("'" + value.type() + "' object is not iterable");
        }
        return items;
    }

    /// The items one by one, so that a generator can be left halfway.
    static Iterator<Value> iterate(Value value) {
        return value instanceof Generator(Iterator<Value> items) ? items : items(value).iterator();
    }

    static boolean isIterable(Value value) {
        return value instanceof Generator || value instanceof Markup || itemsOrNull(value) != null;
    }

    private static List<Value> characters(String text) {
        List<Value> characters = new ArrayList<>(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            characters.add(new Str(Character.toString(c)));
        }
        return characters;
    }

    /// `len(value)`, or -1 if it has none.
    static int lengthOrMinusOne(Value value) {
        return switch (value) {
            case Str(String text) -> Strings.length(text);
            case Markup(String text) -> Strings.length(text);
            case Array array -> array.items().size();
            case Tuple tuple -> tuple.items().size();
            case Dict dict -> dict.entries().size();
            case View view -> view.items().size();
            case Range range -> range.items().size();
            case Undefined _ -> 0;
            case Loop loop -> loop.length();
            default -> -1;
        };
    }

    /// `len(value)`.
    static int length(Value value) {
        int length = lengthOrMinusOne(value);
        if (length < 0) {
            throw new TemplateFailure("object of type '" + value.type() + "' has no len()");
        }
        return length;
    }

    /// The item at a position of a list, tuple or string, counted from the end if negative; null if there is none.
    static @Nullable Value at(Value sequence, int position) {
        int length = lengthOrMinusOne(sequence);
        int index = position < 0 ? position + length : position;
        if (index < 0 || index >= length) {
            return null;
        }
        return switch (sequence) {
            case Array array -> array.items().get(index);
            case Tuple tuple -> tuple.items().get(index);
            case Range range -> range.items().get(index);
            case Str(String text) -> {
                int start = Strings.offset(text, index);
                yield new Str(text.substring(start, text.offsetByCodePoints(start, 1)));
            }
            default -> null;
        };
    }

    /// `value[start:stop:step]`.
    static Value slice(Value value, Value start, Value stop, Value step, Budget budget) {
        Operators.defined(value);
        budget.work(Extent.shallow(value));
        int by = step instanceof None ? 1 : index(step);
        if (by == 0) {
            throw new TemplateFailure("slice step cannot be zero");
        }
        return switch (value) {
            case Str(String text) -> {
                if (by == 1) {
                    int length = Strings.length(text);
                    int from = bound(start, 0, length, 0, length);
                    int to = Math.max(from, bound(stop, length, length, 0, length));
                    int offset = Strings.offset(text, from);
                    yield budget.string(text.substring(offset, text.offsetByCodePoints(offset, to - from)));
                }
                StringBuilder out = new StringBuilder();
                for (Value character : slice(characters(text), start, stop, by, budget)) {
                    out.append(Text.str(character));
                }
                yield new Str(out.toString());
            }
            case Array(List<Value> items, _) -> Array.of(slice(items, start, stop, by, budget));
            case Tuple(List<Value> items, _) -> Tuple.of(slice(items, start, stop, by, budget));
            case Range(List<Value> items) -> new Range(slice(items, start, stop, by, budget));
            default -> throw new TemplateFailure("'" + value.type() + "' object cannot be sliced");
        };
    }

    private static List<Value> slice(List<Value> items, Value start, Value stop, int step, Budget budget) {
        int length = items.size();
        // Going backwards, the bounds are the last position and one before the first.
        int lowest = step > 0 ? 0 : -1;
        int highest = step > 0 ? length : length - 1;
        int from = bound(start, step > 0 ? lowest : highest, length, lowest, highest);
        int to = bound(stop, step > 0 ? highest : lowest, length, lowest, highest);
        List<Value> out = new ArrayList<>();
        for (long at = from; step > 0 ? at < to : at > to; at += step) {
            out.add(items.get((int) at));
        }
        budget.allocateItems(out.size());
        return out;
    }

    /// A bound of a slice: counted from the end if negative, then clamped.
    private static int bound(Value value, int whenNone, int length, int lowest, int highest) {
        if (value instanceof None) {
            return whenNone;
        }
        long index = index(value);
        return Math.clamp(index < 0 ? index + length : index, lowest, highest);
    }

    private static int index(Value value) {
        Operators.defined(value);
        if (Numbers.integer(value) == null) {
            throw new TemplateFailure("slice indices must be integers or None, not " + value.type());
        }
        return Numbers.clamped(value);
    }
}
