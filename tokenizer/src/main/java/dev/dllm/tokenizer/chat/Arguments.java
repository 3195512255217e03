package dev.dllm.tokenizer.chat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The arguments of a call.
///
/// @param positional in order
/// @param named      by keyword
record Arguments(List<Value> positional, Map<String, Value> named) {
    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /// Assigns the arguments to parameters.
    ///
    /// @param function   what messages call the function
    /// @param required   how many of the first parameters must be given
    /// @param parameters names in order
    /// @return the value of each parameter, null where none was given
    @Nullable Value[] bind(String function, int required, String... parameters) {
        if (positional.size() > parameters.length) {
            throw new TemplateFailure(function + ": found " + positional.size() + " arguments; accepted: at most "
                    + parameters.length);
        }
        @Nullable Value[] bound = Arrays.copyOf(positional.toArray(new Value[0]), parameters.length);
        for (Map.Entry<String, Value> argument : named.entrySet()) {
            int index = Arrays.asList(parameters).indexOf(argument.getKey());
            if (index < 0) {
                throw new TemplateFailure(function + ": found argument '" + argument.getKey() + "'; accepted: "
                        + (parameters.length == 0 ? "none" : String.join(", ", parameters)));
            }
            if (bound[index] != null) {
                throw new TemplateFailure(function + ": found argument '" + argument.getKey() + "' twice");
            }
            bound[index] = argument.getValue();
        }
        for (int i = 0; i < required; i++) {
            if (bound[i] == null) {
                throw new TemplateFailure(function + ": found no argument '" + parameters[i] + "'; it is required");
            }
        }
        return bound;
    }

    /// What looking at all of them takes.
    long weight() {
        long weight = 0;
        for (Value value : positional) {
            weight += Extent.of(value).weight();
        }
        for (Value value : named.values()) {
            weight += Extent.of(value).weight();
        }
        return weight;
    }

    /// The same without the first positional argument.
    Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }

    /// The same with another named argument.
    Arguments with(String name, Value value) {
        Map<String, Value> more = new LinkedHashMap<>(named);
        more.put(name, value);
        return new Arguments(positional, more);
    }
}
