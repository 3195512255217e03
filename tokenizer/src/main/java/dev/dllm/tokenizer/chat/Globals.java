package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Host;
import dev.dllm.tokenizer.chat.Value.Int;
import dev.dllm.tokenizer.chat.Value.Namespace;
import dev.dllm.tokenizer.chat.Value.Range;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import java.time.Clock;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The functions that every template can call: jinja2's, and the two of transformers.
final class Globals {
    private static final int MAX_RANGE = 100_000;

    private final Budget budget;
    private final Clock clock;

    private Globals(Budget budget, Clock clock) {
        this.budget = budget;
        this.clock = clock;
    }

    /// @param clock for `strftime_now`
    static Map<String, Value> of(Budget budget, Clock clock) {
        Globals globals = new Globals(budget, clock);
        Map<String, Value> values = new HashMap<>();
        values.put("namespace", new Function("namespace", arguments -> namespace(globals.dict(arguments))));
        values.put("dict", new Function("dict", globals::dict));
        values.put("range", new Function("range", globals::range));
        values.put("joiner", new Function("joiner", Globals::joiner));
        values.put("cycler", new Function("cycler", arguments -> new Cycler(arguments.positional())));
        values.put("raise_exception", new Function("raise_exception", Globals::raise));
        values.put("strftime_now", new Function("strftime_now", globals::now));
        return values;
    }

    private static Value namespace(Dict dict) {
        Map<String, Value> attributes = new LinkedHashMap<>();
        dict.entries().forEach((name, value) -> attributes.put(Text.str(name), value));
        return new Namespace(attributes);
    }

    private Dict dict(Arguments arguments) {
        LinkedHashMap<Value, Value> entries = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw new TemplateFailure("dict expected at most 1 argument, got " + arguments.positional().size());
        }
        if (!arguments.positional().isEmpty()) {
            Value given = arguments.positional().getFirst();
            if (given instanceof Dict dict) {
                entries.putAll(dict.entries());
            } else {
                for (Value pair : Sequences.items(given)) {
                    List<Value> items = Sequences.items(pair);
                    if (items.size() != 2) {
                        throw new TemplateFailure("dict: found an item of " + items.size() + " values; accepted: 2");
                    }
                    entries.put(Operators.hashable(items.get(0), budget), items.get(1));
                }
            }
        }
        arguments.named().forEach((name, value) -> entries.put(new Str(name), value));
        budget.allocateItems(entries.size());
        return Dict.of(entries);
    }

    private Value range(Arguments arguments) {
        @Nullable Value[] bound = arguments.bind("range", 1, "start", "stop", "step");
        long start = bound[1] == null ? 0 : Numbers.clamped(bound[0]);
        long stop = Numbers.clamped(bound[1] == null ? bound[0] : bound[1]);
        long step = bound[2] == null ? 1 : Numbers.clamped(bound[2]);
        if (step == 0) {
            throw new TemplateFailure("range() arg 3 must not be zero");
        }
        long count = Math.max(0, step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step);
        if (count > MAX_RANGE) {
            throw new TemplateFailure("range: found " + count + " numbers; accepted: up to " + MAX_RANGE);
        }
        budget.allocateItems(count);
        List<Value> items = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            items.add(Int.of(start + i * step));
        }
        return new Range(items);
    }

    private static Value joiner(Arguments arguments) {
        Value given = arguments.bind("joiner", 0, "sep")[0];
        Value separator = given == null ? new Str(", ") : given;
        boolean[] used = new boolean[1];
        return new Function("joiner", call -> {
            call.bind("joiner", 0);
            Value result = used[0] ? separator : Str.EMPTY;
            used[0] = true;
            return result;
        });
    }

    private static Value raise(Arguments arguments) {
        throw new TemplateFailure(Text.str(arguments.bind("raise_exception", 1, "message")[0]));
    }

    private Value now(Arguments arguments) {
        String format = Text.str(arguments.bind("strftime_now", 1, "format")[0]);
        return budget.string(Strftime.format(format, LocalDateTime.now(clock)));
    }

    /// Goes round a few values.
    private static final class Cycler implements Host {
        private final List<Value> items;
        private int position;

        Cycler(List<Value> items) {
            if (items.isEmpty()) {
                throw new TemplateFailure("at least one item has to be provided");
            }
            this.items = items;
        }

        @Override
        public String type() {
            return "Cycler";
        }

        @Override
        public Value attribute(String name) {
            return switch (name) {
                case "current" -> items.get(position);
                case "items" -> Tuple.of(items);
                case "next" -> new Function("next", arguments -> {
                    arguments.bind("next", 0);
                    Value current = items.get(position);
                    position = (position + 1) % items.size();
                    return current;
                });
                case "reset" -> new Function("reset", arguments -> {
                    arguments.bind("reset", 0);
                    position = 0;
                    return Value.None.NONE;
                });
                default -> Host.super.attribute(name);
            };
        }
    }
}
