package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Int;
import java.util.List;
import java.util.Set;

/// The methods of lists and tuples. Those that change a list are not reachable from a template.
final class ListMethods {
    static final Set<String> NAMES = Set.of("count", "index");
    static final Set<String> FORBIDDEN =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private ListMethods() {}

    static Value call(Value list, List<Value> items, String name, Arguments arguments, Budget budget) {
        Value item = arguments.bind(name, 1, "value")[0];
        budget.work(Operators.searching(list, item));
        if (name.equals("count")) {
            return Int.of(items.stream().filter(item::equals).count());
        }
        int index = items.indexOf(item);
        if (index < 0) {
            throw new TemplateFailure(Text.repr(item) + " is not in list");
        }
        return Int.of(index);
    }
}
