package dev.dllm.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A JSON object of a checkpoint (config.json, generation_config.json), read field by field with errors that name the
/// field, what was found and what is accepted. A field that is absent or null counts as not given. It remembers which fields
/// were asked for; thread-safe.
public final class ConfigFile {
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final String source;
    private final JsonNode root;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    private ConfigFile(String source, JsonNode root) {
        this.source = source;
        this.root = root;
    }

    /// @param source what messages call the file
    /// @throws UnsupportedModelException if `json` is no JSON object, or a key stands in it twice
    public static ConfigFile parse(String source, byte[] json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new UnsupportedModelException(source + ": no valid JSON, or a key twice, at line %d, column %d".formatted(
                    e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
        }
        if (root.isMissingNode()) {
            throw new UnsupportedModelException(source + ": is empty; needs a JSON object");
        }
        if (!root.isObject()) {
            throw new UnsupportedModelException(source + ": needs a JSON object; found " + root.getNodeType());
        }
        return new ConfigFile(source, root);
    }

    /// A file that gives nothing.
    public static ConfigFile empty(String source) {
        return new ConfigFile(source, JSON.createObjectNode());
    }

    public String source() {
        return source;
    }

    /// Names of the fields that nobody has asked for so far and that ask for something: null and false do not.
    public List<String> unread() {
        return root.propertyStream()
                .filter(field -> !asked.contains(field.getKey()))
                .filter(field -> !field.getValue().isNull() && !field.getValue().toString().equals("false"))
                .map(Map.Entry::getKey)
                .toList();
    }

    /// Whether the field is given.
    public boolean has(String field) {
        return !node(field).isNull();
    }

    /// A whole number in `[min, max]`.
    public int integer(String field, int min, int max) {
        return optionalInteger(field, min, max).orElseThrow(() -> missing(field, "a whole number"));
    }

    /// A whole number in `[min, max]`, if given.
    public OptionalInt optionalInteger(String field, int min, int max) {
        JsonNode node = node(field);
        if (node.isNull()) {
            return OptionalInt.empty();
        }
        return OptionalInt.of(whole(field, node, min, max));
    }

    /// One whole number in `[min, max]` or a list of them; empty if not given.
    public int[] integers(String field, int min, int max) {
        JsonNode node = node(field);
        if (node.isNull()) {
            return new int[0];
        }
        List<JsonNode> entries = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(entries::add);
        } else {
            entries.add(node);
        }
        return entries.stream().mapToInt(entry -> whole(field, entry, min, max)).toArray();
    }

    /// A finite number.
    public double number(String field) {
        return optionalNumber(field).orElseThrow(() -> missing(field, "a number"));
    }

    /// A finite number, if given.
    public OptionalDouble optionalNumber(String field) {
        JsonNode node = node(field);
        if (node.isNull()) {
            return OptionalDouble.empty();
        }
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong(field, node, "a number");
        }
        return OptionalDouble.of(node.doubleValue());
    }

    /// True or false, if given.
    public Optional<Boolean> optionalBoolean(String field) {
        JsonNode node = node(field);
        if (node.isNull()) {
            return Optional.empty();
        }
        if (!node.isBoolean()) {
            throw wrong(field, node, "true or false");
        }
        return Optional.of(node.booleanValue());
    }

    /// A string, if given.
    public Optional<String> optionalString(String field) {
        JsonNode node = node(field);
        if (node.isNull()) {
            return Optional.empty();
        }
        if (!node.isString()) {
            throw wrong(field, node, "a string");
        }
        return Optional.of(node.stringValue());
    }

    /// Whether the field is this string, or a list that begins with it.
    public boolean says(String field, String value) {
        JsonNode node = node(field);
        JsonNode first = node.isArray() && !node.isEmpty() ? node.get(0) : node;
        return first.isString() && first.stringValue().equals(value);
    }

    /// The first entry of a list of strings, if given.
    public Optional<String> firstString(String field) {
        JsonNode node = node(field);
        if (node.isNull() || node.isArray() && node.isEmpty()) {
            return Optional.empty();
        }
        if (!node.isArray() || !node.get(0).isString()) {
            throw wrong(field, node, "a list of strings");
        }
        return Optional.of(node.get(0).stringValue());
    }

    /// An object inside this one, or an empty one if not given.
    public ConfigFile object(String field) {
        JsonNode node = node(field);
        if (node.isNull()) {
            return empty(source + ": " + field);
        }
        if (!node.isObject()) {
            throw wrong(field, node, "an object");
        }
        return new ConfigFile(source + ": " + field, node);
    }

    /// An object inside this one; empty if not given, or `false`, which some configurations write for none.
    public Optional<ConfigFile> optionalObject(String field) {
        JsonNode node = node(field);
        return node.isNull() || node.isBoolean() && !node.booleanValue() ? Optional.empty() : Optional.of(object(field));
    }

    /// Refuses every field that is given and not one of these.
    public void expectOnly(Collection<String> accepted) {
        for (String field : root.propertyNames()) {
            if (has(field) && !accepted.contains(field)) {
                throw new UnsupportedModelException(
                        source + ": " + field + " is not known; accepted: " + String.join(", ", accepted));
            }
        }
    }

    /// Refuses a field whose value is neither absent nor one that this version implements.
    ///
    /// @param accepted as JSON text: `"silu"`, `true`, `null`
    public void expect(String field, String... accepted) {
        JsonNode node = node(field);
        if (!node.isNull() && !List.of(accepted).contains(node.toString())) {
            throw wrong(field, node, String.join(", ", accepted) + " or nothing");
        }
    }

    /// Refuses a list that holds anything but one value that this version implements.
    ///
    /// @param accepted as JSON text
    public void expectEach(String field, String accepted) {
        JsonNode node = node(field);
        boolean fits = node.isNull() || node.isArray();
        for (JsonNode entry : node) {
            fits &= entry.toString().equals(accepted);
        }
        if (!fits) {
            throw wrong(field, node, "a list of " + accepted + " or nothing");
        }
    }

    private JsonNode node(String field) {
        asked.add(field);
        JsonNode node = root.get(field);
        return node == null ? JSON.nullNode() : node;
    }

    private int whole(String field, JsonNode node, int min, int max) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            throw wrong(field, node, "a whole number from " + min + " to " + max);
        }
        return node.intValue();
    }

    private UnsupportedModelException missing(String field, String accepted) {
        return new UnsupportedModelException(source + ": " + field + " is missing; needs " + accepted);
    }

    private UnsupportedModelException wrong(String field, JsonNode found, String accepted) {
        String text = found.toString();
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return new UnsupportedModelException(source + ": " + field + " is " + shown + "; needs " + accepted);
    }
}
