package dev.dllm.choice;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Values of one kind by name. Filled once, then safe to read from any thread.
public final class Choices<T> {
    private final String kind;
    private final Map<String, Entry<T>> entries = new LinkedHashMap<>();

    /// @param arguments how they are written, for messages
    private record Entry<T>(String arguments, Function<Arguments, T> made) {}

    /// @param kind what is chosen, for messages
    public Choices(String kind) {
        this.kind = kind;
    }

    /// Adds a value.
    ///
    /// @param arguments how its arguments are written in lists: empty, or in brackets
    /// @param made      reads the arguments that it needs
    public void add(String name, String arguments, Function<Arguments, T> made) {
        entries.put(name, new Entry<>(arguments, made));
    }

    /// Reads a name, then optionally a colon and values separated by commas.
    ///
    /// @throws IllegalArgumentException if the name is unknown or the values do not fit it
    public T parse(String text) {
        int colon = text.indexOf(':');
        Entry<T> entry = entries.get(colon < 0 ? text : text.substring(0, colon));
        if (entry == null) {
            throw new IllegalArgumentException("unknown " + kind + " '" + text + "'; known: " + known());
        }
        Arguments arguments = new Arguments(
                kind + " '" + text + "'", colon < 0 ? new String[0] : text.substring(colon + 1).split(",", -1));
        T value = entry.made.apply(arguments);
        if (arguments.tooMany()) {
            throw new IllegalArgumentException(
                    kind + " '" + text + "': at most " + arguments.read() + " values; known: " + known());
        }
        return value;
    }

    /// Every name, in the order of the list.
    public List<String> names() {
        return List.copyOf(entries.keySet());
    }

    /// Every name with its arguments, for messages and help.
    public String known() {
        return entries.entrySet().stream()
                .map(entry -> entry.getKey()
                        + (entry.getValue().arguments.isEmpty() ? "" : "[:" + entry.getValue().arguments.substring(1)))
                .collect(Collectors.joining(", "));
    }
}
