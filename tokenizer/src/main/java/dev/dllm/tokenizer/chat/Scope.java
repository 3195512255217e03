package dev.dllm.tokenizer.chat;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Variables of a template, a loop's iteration, a macro's call or a block, and where to look for those it has not. Not
/// thread-safe.
final class Scope {
    private final Map<String, Value> variables;
    private final @Nullable Scope outer;

    private Scope(Map<String, Value> variables, @Nullable Scope outer) {
        this.variables = variables;
        this.outer = outer;
    }

    /// An outermost scope of these variables.
    static Scope of(Map<String, Value> variables) {
        return new Scope(variables, null);
    }

    /// A scope inside this one.
    Scope inner() {
        return new Scope(new HashMap<>(), this);
    }

    void set(String name, Value value) {
        variables.put(name, value);
    }

    Value get(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Value value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
        }
        return Value.Undefined.name(name);
    }
}
