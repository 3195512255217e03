package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.None;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The methods of dicts. Those that change a dict are not reachable from a template.
final class DictMethods {
    static final Set<String> NAMES = Set.of("get", "items", "keys", "values", "copy");
    static final Set<String> FORBIDDEN = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private DictMethods() {}

    static Value call(Dict dict, String name, Arguments arguments, Budget budget) {
        budget.work(Extent.shallow(dict));
        if (name.equals("get")) {
            @Nullable Value[] bound = arguments.bind(name, 1, "key", "default");
            Value found = dict.entries().get(Operators.hashable(bound[0], budget));
            return found != null ? found : bound[1] != null ? bound[1] : None.NONE;
        }
        arguments.bind(name, 0);
        return switch (name) {
            case "items" -> items(dict);
            case "keys" -> new View("dict_keys", List.copyOf(dict.entries().keySet()));
            case "values" -> new View("dict_values", List.copyOf(dict.entries().values()));
            case "copy" -> dict;
            default -> throw new IllegalArgumentException(name);
        };
    }

    static View items(Dict dict) {
        List<Value> items = new ArrayList<>(dict.entries().size());
        dict.entries().forEach((key, value) -> items.add(Tuple.of(List.of(key, value))));
        return new View("dict_items", items);
    }
}
