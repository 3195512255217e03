package dev.dllm.tokenizer.chat;

import dev.dllm.tokenizer.chat.Value.Array;
import dev.dllm.tokenizer.chat.Value.Dict;
import dev.dllm.tokenizer.chat.Value.Host;
import dev.dllm.tokenizer.chat.Value.Namespace;
import dev.dllm.tokenizer.chat.Value.Str;
import dev.dllm.tokenizer.chat.Value.Tuple;
import dev.dllm.tokenizer.chat.Value.Undefined;
import org.jspecify.annotations.Nullable;

/// `value.name` and `value[key]` in Jinja's way: each also tries the other, and what is not there is undefined.
///
/// @see "pallets/jinja, src/jinja2/sandbox.py, getattr and getitem"
final class Attributes {
    private final Budget budget;

    Attributes(Budget budget) {
        this.budget = budget;
    }

    /// `value.name`: a method or attribute, else an item.
    Value attribute(Value value, String name) {
        Operators.defined(value);
        Value attribute = own(value, name);
        if (attribute == null) {
            attribute = itemOrNull(value, new Str(name));
        }
        return attribute != null ? attribute : new Undefined("'" + value.type() + "' has no attribute '" + name + "'");
    }

    /// `value[key]`: an item, else a method or attribute.
    Value item(Value value, Value key) {
        Operators.defined(value);
        Value item = itemOrNull(value, key);
        if (item == null && key instanceof Str(String name)) {
            item = own(value, name);
        }
        return item != null ? item : new Undefined("'" + value.type() + "' has no element " + Text.repr(key));
    }

    /// An attribute that the value has apart from its items, or null.
    private @Nullable Value own(Value value, String name) {
        Value attribute = switch (value) {
            case Str(String text) -> StringMethods.NAMES.contains(name) ? new Function(name,
                    arguments -> new StringMethods(text, budget).call(name, arguments)) : null;
            case Dict dict -> DictMethods.NAMES.contains(name) ? new Function(name,
                    arguments -> DictMethods.call(dict, name, arguments, budget)) : null;
            case Array array -> ListMethods.NAMES.contains(name) ? new Function(name,
                    arguments -> ListMethods.call(array, array.items(), name, arguments, budget)) : null;
            case Tuple tuple -> ListMethods.NAMES.contains(name) ? new Function(name,
                    arguments -> ListMethods.call(tuple, tuple.items(), name, arguments, budget)) : null;
            case Namespace namespace -> namespace.attributes().get(name);
            case Host host -> host.attribute(name);
            default -> null;
        };
        boolean forbidden = switch (value) {
            case Dict _ -> DictMethods.FORBIDDEN.contains(name);
            case Array _ -> ListMethods.FORBIDDEN.contains(name);
            default -> false;
        };
        return forbidden
                ? new Undefined("access to attribute '" + name + "' of '" + value.type() + "' object is unsafe.")
                : attribute;
    }

    private @Nullable Value itemOrNull(Value value, Value key) {
        budget.work(Extent.of(key).weight() + (value instanceof Str ? Extent.shallow(value) : 0));
        if (value instanceof Dict dict) {
            return key instanceof Array || key instanceof Dict ? null : dict.entries().get(key);
        }
        return Numbers.integer(key) == null ? null : Sequences.at(value, Numbers.clamped(key));
    }
}
