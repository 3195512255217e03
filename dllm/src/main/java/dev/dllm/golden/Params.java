package dev.dllm.golden;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// The parameters of a decoding case. Every one must be read: a parameter that the mapping does not know would make a
/// comparison that means nothing.
public final class Params {
    private final JsonNode node;
    private final Set<String> read = new HashSet<>();
    private final Map<String, Params> nested = new LinkedHashMap<>();

    public Params(JsonNode node) {
        this.node = node;
    }

    /// Whether a parameter has a value, which is still to be read.
    public boolean has(String name) {
        JsonNode value = node.get(name);
        if (value != null && value.isNull()) {
            read.add(name);
        }
        return value != null && !value.isNull();
    }

    public int integer(String name, int otherwise) {
        JsonNode value = value(name);
        return value == null ? otherwise : value.asInt();
    }

    public float number(String name, float otherwise) {
        JsonNode value = value(name);
        return value == null ? otherwise : (float) value.asDouble();
    }

    public double decimal(String name, double otherwise) {
        JsonNode value = value(name);
        return value == null ? otherwise : value.asDouble();
    }

    public String text(String name, String otherwise) {
        JsonNode value = value(name);
        return value == null ? otherwise : value.asString();
    }

    /// A list, as it stands in the case.
    public JsonNode list(String name) {
        read.add(name);
        return node.path(name);
    }

    /// One number or a list of them; empty if not given.
    public int[] integers(String name) {
        JsonNode value = value(name);
        if (value == null) {
            return new int[0];
        }
        return value.isArray()
                ? value.valueStream().mapToInt(JsonNode::asInt).toArray()
                : new int[] {value.asInt()};
    }

    /// A list of numbers; empty if not given.
    public float[] numbers(String name) {
        JsonNode value = value(name);
        float[] numbers = new float[value == null ? 0 : value.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) value.path(i).asDouble();
        }
        return numbers;
    }

    /// Reads a parameter for which only some values mean anything here.
    ///
    /// @param accepted as text
    /// @throws UnsupportedCaseException if it has another value
    public void expect(String name, String... accepted) {
        JsonNode value = value(name);
        if (value != null && Arrays.stream(accepted).noneMatch(value.asString()::equals)) {
            throw new UnsupportedCaseException("parameter '" + name + "' with the value " + value);
        }
    }

    public boolean flag(String name) {
        JsonNode value = value(name);
        return value != null && value.asBoolean();
    }

    /// A parameter that holds parameters of its own; empty if not given. Each of those must be read too.
    public Params nested(String name) {
        JsonNode value = value(name);
        return nested.computeIfAbsent(name, _ -> new Params(value == null ? MissingNode.getInstance() : value));
    }

    /// Passes over a parameter that has no effect on the result.
    public void ignore(String name) {
        read.add(name);
    }

    /// @throws UnsupportedCaseException if a parameter was never read
    public void requireAllRead() {
        for (String name : node.propertyNames()) {
            if (!read.contains(name)) {
                throw new UnsupportedCaseException("parameter '" + name + "' of the method");
            }
        }
        nested.values().forEach(Params::requireAllRead);
    }

    private @Nullable JsonNode value(String name) {
        read.add(name);
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? null : value;
    }
}
