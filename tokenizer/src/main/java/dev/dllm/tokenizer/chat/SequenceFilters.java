package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Generator;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The filters that go through several values. What jinja2 makes lazily is made at once here, which only shows where
/// making it fails.
final class SequenceFilters {
    static final Set<String> NAMES = Set.of("batch", "dictsort", "first", "items", "join", "last", "list", "map", "max",
            "min", "reject", "rejectattr", "reverse", "select", "selectattr", "slice", "sort", "sum", "unique");

    private final Budget budget;
    private final ItemKeys keys;
    private final Tests tests;
    private final Filters filters;

    SequenceFilters(Budget budget, Attributes attributes, Tests tests, Filters filters) {
        this.budget = budget;
        this.keys = new ItemKeys(attributes);
        this.tests = tests;
        this.filters = filters;
    }

    Value apply(String name, Value value, Arguments arguments) {
        return switch (name) {
            case "list" -> {
                arguments.bind(name, 0);
                yield Array.of(items(value));
            }
            case "first" -> first(value, arguments);
            case "last" -> last(value, arguments);
            case "reverse" -> reverse(value, arguments);
            case "items" -> pairs(value, arguments);
            case "join" -> join(value, arguments);
            case "map" -> Generator.of(map(value, arguments));
            case "select" -> Generator.of(select(name, value, arguments, false, true));
            case "reject" -> Generator.of(select(name, value, arguments, false, false));
            case "selectattr" -> Generator.of(select(name, value, arguments, true, true));
            case "rejectattr" -> Generator.of(select(name, value, arguments, true, false));
            case "unique" -> unique(value, arguments);
            case "sort" -> sort(value, arguments);
            case "dictsort" -> sortedPairs(value, arguments);
            case "min", "max" -> extreme(name, value, arguments);
            case "sum" -> sum(value, arguments);
            case "batch" -> batch(value, arguments);
            case "slice" -> slice(value, arguments);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /// The items of a value, counted, as a list of their own.
    private List<Value> items(Value value) {
        List<Value> items = Sequences.items(value);
        budget.allocateItems(items.size());
        return new ArrayList<>(items);
    }

    private static Value first(Value value, Arguments arguments) {
        arguments.bind("first", 0);
        Iterator<Value> items = Sequences.iterate(value);
        return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
    }

    private static Value last(Value value, Arguments arguments) {
        arguments.bind("last", 0);
        if (value instanceof Generator) {
            throw new TemplateFailure("'generator' object is not reversible");
        }
        List<Value> items = Sequences.items(value);
        return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.getLast();
    }

    private Value reverse(Value value, Arguments arguments) {
        arguments.bind("reverse", 0);
        if (value instanceof Str(String text)) {
            return budget.string(new StringBuilder(text).reverse().toString());
        }
        List<Value> reversed = items(value).reversed();
        return value instanceof Generator ? Array.of(reversed) : Generator.of(reversed);
    }

    private static Value pairs(Value value, Arguments arguments) {
        arguments.bind("items", 0);
        return switch (value) {
            case Undefined _ -> Generator.of(List.of());
            case Dict dict -> Generator.of(DictMethods.items(dict).items());
            default -> throw new TemplateFailure("Can only get item pairs from a mapping.");
        };
    }

    private Value join(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("join", 0, "d", "attribute");
        String separator = bound[0] == null ? "" : Text.str(bound[0]);
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Value item : Sequences.items(value)) {
            Value part = bound[1] == null || bound[1] instanceof None ? item : keys.path(bound[1], null).apply(item);
            String text = Text.str(part);
            budget.allocate(separator.length() + text.length());
            out.append(first ? "" : separator).append(text);
            first = false;
        }
        return new Str(out.toString());
    }

    private List<Value> map(Value value, Arguments arguments) {
        if (!Operators.isTrue(value)) {
            return List.of();
        }
        Function<Value, Value> function;
        if (arguments.positional().isEmpty() && arguments.named().containsKey("attribute")) {
            @Nullable Value[] bound = arguments.bind("map", 0, "attribute", "default");
            function = keys.path(bound[0], bound[1] instanceof None ? null : bound[1]);
        } else {
            if (arguments.positional().isEmpty()) {
                throw new TemplateFailure("map requires a filter argument");
            }
            String name = Text.str(arguments.positional().getFirst());
            Arguments rest = arguments.rest();
            function = item -> filters.apply(name, item, rest);
        }
        List<Value> mapped = items(value);
        mapped.replaceAll(function::apply);
        return mapped;
    }

    private List<Value> select(String name, Value value, Arguments arguments, boolean byAttribute, boolean wanted) {
        if (!Operators.isTrue(value)) {
            return List.of();
        }
        Arguments rest = arguments;
        Function<Value, Value> subject = item -> item;
        if (byAttribute) {
            if (rest.positional().isEmpty()) {
                throw new TemplateFailure(name + ": Missing parameter for attribute name");
            }
            subject = keys.path(rest.positional().getFirst(), null);
            rest = rest.rest();
        }
        Predicate<Value> condition = Operators::isTrue;
        if (!rest.positional().isEmpty()) {
            String test = Text.str(rest.positional().getFirst());
            Arguments testArguments = rest.rest();
            condition = item -> tests.test(test, item, testArguments);
        }
        List<Value> selected = new ArrayList<>();
        for (Value item : items(value)) {
            budget.step();
            if (condition.test(subject.apply(item)) == wanted) {
                selected.add(item);
            }
        }
        return selected;
    }

    private Value unique(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("unique", 0, "case_sensitive", "attribute");
        Function<Value, Value> key = keys.key(bound[0], bound[1]);
        Set<Value> seen = new HashSet<>();
        List<Value> items = items(value);
        items.removeIf(item -> !seen.add(Operators.hashable(key.apply(item), budget)));
        return Generator.of(items);
    }

    private Value sort(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("sort", 0, "reverse", "case_sensitive", "attribute");
        List<Function<Value, Value>> parts = new ArrayList<>();
        if (bound[2] instanceof Str(String paths)) {
            for (String path : paths.split(",", -1)) {
                parts.add(keys.key(bound[1], new Str(path)));
            }
        } else {
            parts.add(keys.key(bound[1], bound[2]));
        }
        Comparator<Value> order = (a, b) -> {
            for (Function<Value, Value> key : parts) {
                Value left = key.apply(a);
                Value right = key.apply(b);
                if (!left.equals(right)) {
                    return Operators.order(left, right);
                }
            }
            return 0;
        };
        return Array.of(sorted(items(value), order, Filters.isTrue(bound[0])));
    }

    private Value sortedPairs(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("dictsort", 0, "case_sensitive", "by", "reverse");
        String by = bound[1] == null ? "key" : Text.str(bound[1]);
        if (!(value instanceof Dict dict) || !by.equals("key") && !by.equals("value")) {
            throw new TemplateFailure(
                    "dictsort: found " + value.type() + " by '" + by + "'; accepted: a dict by key or value");
        }
        Function<Value, Value> key = keys.key(bound[0], Int.of(by.equals("key") ? 0 : 1));
        List<Value> pairs = items(DictMethods.items(dict));
        return Array.of(sorted(pairs, (a, b) -> Operators.order(key.apply(a), key.apply(b)), Filters.isTrue(bound[2])));
    }

    /// Sorts stably; equal items keep their order also in reverse.
    private List<Value> sorted(List<Value> items, Comparator<Value> order, boolean reverse) {
        long comparisons = Integer.SIZE - Integer.numberOfLeadingZeros(items.size());
        budget.work(Extent.over(items).weight() * comparisons);
        items.sort(reverse ? (a, b) -> order.compare(b, a) : order);
        return items;
    }

    private Value extreme(String name, Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind(name, 0, "case_sensitive", "attribute");
        Function<Value, Value> key = keys.key(bound[0], bound[1]);
        Value best = null;
        List<Value> items = items(value);
        budget.work(2 * Extent.over(items).weight());
        for (Value item : items) {
            int order = best == null ? 0 : Operators.order(key.apply(item), key.apply(best));
            if (best == null || (name.equals("min") ? order < 0 : order > 0)) {
                best = item;
            }
        }
        return best == null ? new Undefined("No aggregated item, sequence was empty.") : best;
    }

    private Value sum(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("sum", 0, "attribute", "start");
        Value sum = bound[1] == null ? Int.of(0) : bound[1];
        boolean whole = bound[0] == null || bound[0] instanceof None;
        if (sum instanceof Str) {
            throw new TemplateFailure("sum() can't sum strings");
        }
        for (Value item : items(value)) {
            sum = Operators.binary("+", sum, whole ? item : keys.path(bound[0], null).apply(item), budget);
        }
        return sum;
    }

    private Value batch(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("batch", 1, "linecount", "fill_with");
        int size = Numbers.clamped(bound[0]);
        if (size <= 0) {
            throw new TemplateFailure("batch: found size " + size + "; accepted: at least 1");
        }
        List<Value> batches = new ArrayList<>();
        List<Value> items = items(value);
        for (int start = 0; start < items.size(); start += size) {
            List<Value> batch = new ArrayList<>(items.subList(start, Math.min(items.size() - start, size) + start));
            if (bound[1] != null && !(bound[1] instanceof None) && batch.size() < size) {
                budget.allocateItems(size);
                while (batch.size() < size) {
                    batch.add(bound[1]);
                }
            }
            batches.add(Array.of(batch));
        }
        return Generator.of(batches);
    }

    private Value slice(Value value, Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("slice", 1, "slices", "fill_with");
        int count = Numbers.clamped(bound[0]);
        if (count <= 0) {
            throw new TemplateFailure("slice: found " + count + " slices; accepted: at least 1");
        }
        budget.allocateItems(count);
        List<Value> items = items(value);
        int each = items.size() / count;
        int longer = items.size() % count;
        List<Value> slices = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < count; i++) {
            int end = start + each + (i < longer ? 1 : 0);
            List<Value> slice = new ArrayList<>(items.subList(start, end));
            if (bound[1] != null && !(bound[1] instanceof None) && i >= longer) {
                slice.add(bound[1]);
            }
            slices.add(Array.of(slice));
            start = end;
        }
        return Generator.of(slices);
    }
}
